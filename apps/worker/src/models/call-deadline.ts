/** The signal of one call: aborted by its deadline (reason: a `TimeoutError`) or by the caller's signal (its reason). */
export interface CallDeadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Starts the deadline of one call. Dispose it when the call is over: timer and listener go with it. */
export function startCallDeadline(ms: number, outer: AbortSignal): CallDeadline {
  const controller = new AbortController();
  const stop = () => controller.abort(outer.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException("The call took too long", "TimeoutError")),
    ms,
  );
  outer.addEventListener("abort", stop, { once: true });
  if (outer.aborted) stop();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
  };
}
