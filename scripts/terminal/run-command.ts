/** A signal that comes this soon after the first is the same press of a key, delivered twice. */
const SAME_PRESS_MS = 1_000;

/**
 * Runs a command to its end and leaves with its exit code. `main` gets a signal that is aborted when the command is
 * asked to stop: by SIGINT, SIGTERM or SIGHUP, or because the bootstrap that started it is gone (its IPC channel
 * closes, after kill -9 too). Who asks again, later, means it: `force` is called, and the command leaves at once, unless
 * that gives `go_on`.
 */
export async function runCommand(
  main: (stop: AbortSignal, onForce: (force: () => unknown) => void) => Promise<number>,
) {
  const stop = new AbortController();
  let force: () => unknown = () => undefined;
  let askedAt: number | null = null;
  const ask = () => {
    const now = Date.now();
    askedAt ??= now;
    stop.abort();
    if (now - askedAt <= SAME_PRESS_MS) return;
    if (force() === "go_on") return;
    process.stderr.write("Left at once; what still runs in DATA_DIR is taken over by the next start.\n");
    leave(130);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, ask);
  if (process.connected) process.once("disconnect", () => stop.abort());
  // A terminal that was closed must not keep the command from cleaning up.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    leave(await main(stop.signal, (action) => (force = action)));
  } catch (error) {
    process.stderr.write(
      `\nThis is a bug of Longshore's:\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    leave(1);
  }
}

/** Not before what was written has gone out: on a pipe, process.exit would cut it off. */
function leave(code: number): void {
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}
