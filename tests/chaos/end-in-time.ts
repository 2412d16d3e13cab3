import { Worker } from "node:worker_threads";

/** What {@link endInTime} tells the thread that watches. */
export interface EndWatch {
  readonly code: number;
  readonly boundMs: number;
}

/**
 * Lets this process end by itself within `boundMs`, and then has it exit with `code` and say what held it open. A thread
 * of its own watches: a loop that never waits lets no timer of this one fire.
 */
export function endInTime(code: number, boundMs: number): void {
  const workerData: EndWatch = { code, boundMs };
  // Node's own arguments are for the program: with `-e` a thread would look for its source there.
  new Worker(new URL("watch-end.ts", import.meta.url), { workerData, execArgv: [] }).unref();
}
