const firstPauseMs = 200;
const longestPauseMs = 5_000;

/** How long to wait before the next try, in ms, after so many in a row went wrong (1 or more). Never all at once. */
export function pauseBefore(failures: number): number {
  const most = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 20));
  return most / 2 + (Math.random() * most) / 2;
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    // safety: whoever aborts gives the reason, which is passed on as it is.
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, ms);
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener("abort", giveUp, { once: true });
  });
}
