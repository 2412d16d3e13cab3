import { Socket } from "node:net";
import { agentSocketName } from "@longshore/shared/contracts/agent-wire";
import { createDeadMan } from "./dead-man.ts";
import { createOwnerInput, type OwnerInputDeps } from "./owner/owner-input.ts";
import { createOwnership, type Connection, type Ownership } from "./owner/ownership.ts";
import { listenForRelays } from "./owner/relay-listener.ts";
import { readSandboxFacts } from "./sandbox/facts.ts";
import { isInSandbox, killOnce } from "./sandbox/kill-all.ts";
import { controlFd } from "./sandbox/places.ts";
import { shutProcess } from "./sandbox/shut-process.ts";
import { createSession } from "./session.ts";
import { createInitStarter } from "./steps/init-starter.ts";
import { launcherStarter } from "./steps/launcher-starter.ts";
import type { ProgramStarter } from "./steps/program-starter.ts";
import { createEgressRelay } from "./egress/egress-relay.ts";
import { listenForPrograms, proxyPort } from "./egress/listen-for-programs.ts";
import { isEgressFrame } from "./wire/read-worker-frame.ts";
import { createFrameWriter } from "./wire/frame-writer.ts";

/** SIGUSR1 opens Node's debugger to whoever has its uid, and that is the Step. The rest would end the agent. */
const ignored = ["SIGUSR1", "SIGUSR2", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGPIPE"] as const;

/** A Sandbox that has had no Job for so long is a warm one. A Job that starts one sends itself at once. */
const idleMs = 250;

/** Ends the agent, and with it the Sandbox. The engine keeps stderr for the worker to read. */
function end(reason: string): never {
  process.stderr.write(`agent: ${reason}\n`);
  killOnce();
  process.exit(1);
}

/** The way out of the first owner's connection. What breaks it breaks the agent, for as long as it has no other. */
function openStdout(onError: (error: Error) => void): Connection {
  const stdout = new Socket({ fd: 1, readable: false, writable: true });
  stdout.on("error", onError);
  const writer = createFrameWriter(stdout);
  return { send: writer.send, close: writer.stop };
}

/** Read to its end also when it is nobody's any more: what an old owner writes must not wait in the engine for ever. */
function readStdin(first: Connection, ownership: Ownership, onBytes: (bytes: Buffer) => void): void {
  const endIfOwned = (reason: string): void => void (ownership.isOwner(first) && end(reason));
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  stdin.on("data", onBytes);
  stdin.on("error", (error) => endIfOwned(`stdin: ${error.message}`));
  // The engine keeps it open when its client goes: an end means that none can come any more.
  stdin.on("end", () => endIfOwned("stdin was closed"));
}

/**
 * How Steps are started: STEP_RUNNER of the worker comes as a variable, which no Step gets to see. A Python Step is as
 * quick as it can be where the Sandbox was idle before its Job, as a warm one is: then Python has started already.
 */
function createStarter(): { readonly starter: ProgramStarter; readonly onJob: () => void } {
  const isOff = process.env["LONGSHORE_STEP_RUNNER"] === "off";
  delete process.env["LONGSHORE_STEP_RUNNER"];
  delete process.env["LONGSHORE_STEP_PRELOAD"];
  if (isOff) return { starter: launcherStarter, onJob: () => undefined };
  const control = new Socket({ fd: controlFd, readable: true, writable: true });
  control.on("error", (error) => end(`process 1: ${error.message}`));
  control.on("close", () => end("process 1 has closed its end"));
  const socket = {
    write: (bytes: Buffer) => void control.write(bytes),
    onBytes: (listener: (bytes: Buffer) => void) => void control.on("data", listener),
  };
  const starter = createInitStarter(socket, process.env);
  const idle = setTimeout(() => starter.readyPython(), idleMs);
  return { starter, onJob: () => clearTimeout(idle) };
}

async function main(): Promise<void> {
  for (const signal of ignored) process.on(signal, () => undefined);
  if (!isInSandbox()) {
    process.stderr.write("agent: this runs only as the child of a Sandbox's init, and not as root\n");
    process.exit(1);
  }
  process.on("uncaughtException", (error) => end(error.stack ?? error.message));
  shutProcess();
  // Nothing but frames may reach stdout, whatever a dependency prints.
  Object.defineProperty(process, "stdout", { get: () => process.stderr });
  const first = openStdout((error) => void (ownership.isOwner(first) && end(`stdout: ${error.message}`)));
  const ownership = createOwnership(first);
  const deadMan = createDeadMan(() => end("no worker was heard of for too long"));
  const egress = createEgressRelay({ send: ownership.send });
  const { starter, onJob } = createStarter();
  const inputDeps: OwnerInputDeps = {
    ownership,
    heard: deadMan.heard,
    take: (frame) => (isEgressFrame(frame) ? egress.take(frame) : session.take(frame)),
    onGarbage: end,
  };
  await listenForRelays(agentSocketName, {
    admit(connection, resume) {
      if (!ownership.admit(connection, resume)) return false;
      deadMan.heard();
      egress.reset();
      session.resume(resume.after);
      return true;
    },
    inputOf: (connection) => createOwnerInput(connection, inputDeps),
    lose: ownership.lose,
  }).catch((error: unknown) => end(`no worker could take over: ${String(error)}`));
  const session = createSession({
    ...{ send: ownership.send, starter, readFacts: readSandboxFacts, imageEnv: process.env },
    openEgress: async () => void (await listenForPrograms(proxyPort, egress.accept)),
    onJob(job) {
      onJob();
      ownership.setToken(job.resume_token);
      deadMan.setBound(job.silence_ms);
    },
  });
  readStdin(first, ownership, createOwnerInput(first, inputDeps));
}

void main();
