import { Socket } from "node:net";
import { agentSocketName } from "@longshore/shared/contracts/agent-wire";
import { createDeadMan } from "./dead-man.ts";
import { createOwnerInput, type OwnerInputDeps } from "./owner/owner-input.ts";
import { createOwnership, type Connection, type Ownership } from "./owner/ownership.ts";
import { listenForRelays } from "./owner/relay-listener.ts";
import { readSandboxFacts } from "./sandbox/facts.ts";
import { isInSandbox, killOnce } from "./sandbox/kill-all.ts";
import { createOutputPipes } from "./sandbox/output-pipes.ts";
import { shutProcess } from "./sandbox/shut-process.ts";
import { createSession } from "./session.ts";
import { createEgressRelay } from "./egress/egress-relay.ts";
import { listenForPrograms, proxyPort } from "./egress/listen-for-programs.ts";
import { isEgressFrame } from "./wire/read-worker-frame.ts";
import { createFrameWriter } from "./wire/frame-writer.ts";

/** SIGUSR1 opens Node's debugger to whoever has its uid, and that is the Step. The rest would end the agent. */
const ignored = ["SIGUSR1", "SIGUSR2", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGPIPE"] as const;

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
  const openPipes = await createOutputPipes();
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
    ...{ send: ownership.send, openPipes, facts: readSandboxFacts(), imageEnv: process.env },
    openEgress: async () => void (await listenForPrograms(proxyPort, egress.accept)),
    onJob(job) {
      ownership.setToken(job.resume_token);
      deadMan.setBound(job.silence_ms);
    },
  });
  readStdin(first, ownership, createOwnerInput(first, inputDeps));
}

void main();
