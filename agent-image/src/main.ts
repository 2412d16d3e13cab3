import { Socket } from "node:net";
import { createDeadMan } from "./dead-man.ts";
import { readSandboxFacts } from "./sandbox/facts.ts";
import { isInSandbox, killOnce } from "./sandbox/kill-all.ts";
import { createOutputPipes } from "./sandbox/output-pipes.ts";
import { createSession } from "./session.ts";
import { createFrameSplitter } from "./wire/frame-splitter.ts";
import { createFrameWriter } from "./wire/frame-writer.ts";
import { readWorkerFrame } from "./wire/read-worker-frame.ts";

/** The longest line of a worker: a plan of a body of 32 MiB, with room for its escapes. */
const longestFrameBytes = 64 * 1024 * 1024;

/** SIGUSR1 opens Node's debugger to whoever has its uid, and that is the Step. The rest would end the agent. */
const ignored = ["SIGUSR1", "SIGUSR2", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGPIPE"] as const;

/** Ends the agent, and with it the Sandbox. The engine keeps stderr for the worker to read. */
function end(reason: string): never {
  process.stderr.write(`agent: ${reason}\n`);
  killOnce();
  process.exit(1);
}

function readWorker(onLine: (line: Buffer) => void): void {
  const splitter = createFrameSplitter(longestFrameBytes);
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  stdin.on("data", (bytes: Buffer) => {
    if (!splitter.push(bytes, onLine)) end("the worker sent a line that is too long");
  });
  stdin.on("error", (error) => end(`stdin: ${error.message}`));
  // The engine keeps stdin open between workers: an end means that none can come any more.
  stdin.on("end", () => end("stdin was closed"));
}

async function main(): Promise<void> {
  for (const signal of ignored) process.on(signal, () => undefined);
  if (!isInSandbox()) {
    process.stderr.write("agent: this runs only as the child of a Sandbox's init, and not as root\n");
    process.exit(1);
  }
  process.on("uncaughtException", (error) => end(error.stack ?? error.message));
  // Nothing but frames may reach stdout, whatever a dependency prints.
  Object.defineProperty(process, "stdout", { get: () => process.stderr });
  const writer = createFrameWriter(1, (error) => end(`stdout: ${error.message}`));
  const pipes = createOutputPipes();
  const facts = readSandboxFacts();
  const session = createSession({ writer, openPipes: await pipes, facts, imageEnv: process.env });
  const deadMan = createDeadMan(() => end("no worker was heard of for too long"));
  readWorker((line) => {
    deadMan.heard();
    const frame = readWorkerFrame(line);
    if (frame === null) end("the worker sent a line that is no frame");
    session.take(frame);
  });
}

void main();
