import { endInTime } from "./end-in-time.ts";

const endBoundMs = 15_000;

/**
 * Runs `work` as the whole of this process: asked to stop, or by a bug of the suite's own, it aborts `stop`, as what was
 * started is not to outlive it. What `work` gives is the exit code, 1 where it rejects. From then on the process has
 * `boundMs` to end by itself.
 */
export async function runProgram(
  work: (stop: AbortSignal) => Promise<number>,
  boundMs = endBoundMs,
): Promise<void> {
  const stop = new AbortController();
  const fail = (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    stop.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  if (process.connected) process.once("disconnect", () => stop.abort());
  process.on("uncaughtException", fail);
  let code = 1;
  try {
    code = await work(stop.signal);
  } catch (error) {
    fail(error);
  }
  process.exitCode = code;
  endInTime(code, boundMs);
  // The channel to who started it is the last that it holds open itself.
  if (process.connected) process.disconnect();
}
