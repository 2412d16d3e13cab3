/** Waits for `work`, or for `signal`, whichever comes first; the work itself goes on, and its failure is then nobody's. */
export async function orAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | "aborted"> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return "aborted";
  }
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<"aborted">((resolve) => {
    onAbort = () => resolve("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}
