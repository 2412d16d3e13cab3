/**
 * Runs `work` as the whole of this process: asked to stop, or by a bug of the suite's own, it aborts `stop`, as what was
 * started is not to outlive it. What `work` gives is the exit code.
 */
export async function runProgram(work: (stop: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  if (process.connected) process.once("disconnect", () => stop.abort());
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    stop.abort();
  });
  process.exitCode = await work(stop.signal);
  if (process.connected) process.disconnect();
}
