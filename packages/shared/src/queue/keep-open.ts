/** What was opened: whether that went well, and how to close it. */
export interface Opened {
  readonly ready: Promise<unknown>;
  close(): Promise<unknown>;
}

/** The newest of what was opened, until it is closed. */
export interface KeptOpen<Thing extends Opened> {
  current(): Thing;
  /** No more is opened; closes the newest. Hangs where closing it does. */
  close(): Promise<void>;
}

const pauseMs = 1_000;

/**
 * Opens a thing, and opens it anew for as long as opening fails: BullMQ keeps a failed start for ever (a database that
 * is away, a Redis that refuses its version), though all that would work a second later.
 */
export function keepOpen<Thing extends Opened>(
  open: () => Thing,
  told: { readonly onReady: () => void; readonly onAway: (error: unknown) => void },
): KeptOpen<Thing> {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const openOne = (): Thing => {
    const thing = open();
    thing.ready.then(told.onReady, (error: unknown) => {
      if (closed) return;
      told.onAway(error);
      timer = setTimeout(replace, pauseMs);
    });
    return thing;
  };
  const replace = () => {
    current.close().catch(told.onAway);
    current = openOne();
  };
  let current = openOne();
  return {
    current: () => current,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await current.close();
    },
  };
}
