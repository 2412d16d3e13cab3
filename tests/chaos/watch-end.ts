// The thread that watches the end of a program; end-in-time.ts starts it. It writes by itself: its process.stderr would go
// by the main thread, which may never take it.
import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector/promises";
import { setTimeout as pause } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import type { EndWatch } from "./end-in-time.ts";

// On a machine that is busy itself.
const answerMs = 10_000;
// Who has something to do is stopped at it soon; who waits, never.
const busyMs = 2_000;
const framesShown = 6;

// safety: given by end-in-time.ts alone.
const { code, boundMs } = workerData as EndWatch;
await pause(boundMs);
const session = new Session();
session.connectToMainThread();
const held = await Promise.race([describe(), pause(answerMs, "it does not answer")]);
writeSync(2, `The program is over, and did not end within ${String(boundMs)} ms: ${held}\n`);
void inMain(`process.exit(${String(code)})`);
await pause(answerMs);
process.kill(process.pid, "SIGKILL");

/** Where the main thread is, if it is busy; else what it waits for. */
async function describe(): Promise<string> {
  const { promise: paused, resolve: stopsAt } = Promise.withResolvers<readonly Debugger.CallFrame[]>();
  session.once("Debugger.paused", ({ params }) => stopsAt(params.callFrames));
  await session.post("Debugger.enable");
  await session.post("Debugger.pause");
  const frames = await Promise.race([paused, pause(busyMs, null)]);
  // What is asked next would stop there, too.
  await session.post("Debugger.disable");
  const resources = String(await inMain("process.getActiveResourcesInfo().join(', ')"));
  const open = `open are ${resources === "" ? "none" : resources}`;
  if (frames === null) return open;
  const stack = frames.slice(0, framesShown).map(({ functionName, url, location }) => {
    const name = functionName === "" ? "(anonymous)" : functionName;
    return `\n    at ${name} (${url}:${String(location.lineNumber + 1)})`;
  });
  return `it is busy; ${open}${stack.join("")}`;
}

async function inMain(expression: string): Promise<unknown> {
  const { result } = await session.post("Runtime.evaluate", { expression });
  return result.value;
}
