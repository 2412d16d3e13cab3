/**
 * How long an aborted start waits for its create to be answered, so that it can remove what was made; for its start, as an
 * engine that starts a container does not kill it before it has: the turn is another start's only then; and for the name
 * of what it was handed, by which alone that is found again.
 */
const patienceMs = 3_000;

/** Gives `call` a signal that aborts {@link patienceMs} after `signal` does. */
export async function withPatience<Value>(
  signal: AbortSignal,
  call: (patient: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const patient = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => patient.abort(signal.reason), patienceMs);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await call(patient.signal);
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}
