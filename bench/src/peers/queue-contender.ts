/** A queue that is given jobs that do nothing, and then has them taken and ended. */
export interface QueueContender extends AsyncDisposable {
  /** Puts in so many jobs, then has them taken by one consumer, and gives how many were ended a second. */
  drain(count: number): Promise<number>;
}

/** Jobs that one consumer has at once, the same for all. */
export const consumerConcurrency = 16;

/** Counts up to a number, within two minutes: a queue that loses a job is to fail, not to hang. */
export function countdown(count: number): { readonly one: () => void; readonly over: Promise<void> } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let left = count;
  const timer = setTimeout(
    () => reject(new Error(`${String(left)} of ${String(count)} jobs never came`)),
    120_000,
  );
  const one = () => {
    left -= 1;
    if (left > 0) return;
    clearTimeout(timer);
    resolve();
  };
  // Who asked may have failed meanwhile, and wait for it no more.
  promise.catch(() => undefined);
  return { one, over: promise };
}

/** How many were ended a second, of so many, from the start of `work` to its end. */
export async function ratePerSecond(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1_000);
}
