import { toQueueAway } from "./queue-away.ts";

/** Waits for an answer of the queue at most `boundMs`; then throws QueueAway. What was asked may still happen. */
export async function withinBound<Value>(answer: Promise<Value>, boundMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(toQueueAway(new Error(`timed out after ${String(boundMs)} ms`)));
    }, boundMs);
  });
  try {
    return await Promise.race([answer, bound]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a release at most `boundMs` and goes on whatever came of it: nothing can be done about it any more. */
export async function releaseWithin(release: () => Promise<unknown>, boundMs: number): Promise<boolean> {
  try {
    await withinBound(release(), boundMs);
    return true;
  } catch {
    return false;
  }
}
