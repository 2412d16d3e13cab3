import type { ArchiveSum } from "@longshore/shared/db/sum-archives";

export interface AddUpArchivesDeps {
  /** Adds up some of them: those after the place that an earlier call gave, or the first. */
  readonly sumArchives: (after: ArchiveSum["next"]) => Promise<ArchiveSum>;
  /** A clock in ms. */
  readonly now?: () => number;
}

const keptMs = 60_000;
// A million Jobs take about that; whoever asks is not kept longer.
const waitMs = 1_000;

/**
 * Gives the bytes of all archives together as they were added up last, which is done anew when a minute is over: at once
 * where that goes fast, off the answer's path otherwise. Null until it was done for the first time.
 */
export function createAddUpArchives({ sumArchives, now = () => performance.now() }: AddUpArchivesDeps) {
  let known: { readonly bytes: number; readonly at: number } | null = null;
  let adding: Promise<void> | null = null;
  const addUp = async (): Promise<void> => {
    const at = now();
    let bytes = 0;
    for (let after: ArchiveSum["next"] = null; ;) {
      const sum: ArchiveSum = await sumArchives(after);
      bytes += sum.bytes;
      if (sum.next === null) break;
      after = sum.next;
    }
    known = { bytes, at };
  };
  return async (): Promise<number | null> => {
    if (known === null || now() - known.at >= keptMs) {
      adding ??= addUp().finally(() => (adding = null));
      await orSoon(adding);
    }
    return known?.bytes ?? null;
  };
}

/** Waits for it, for a moment. Rejects as it does. */
async function orSoon(adding: Promise<void>): Promise<void> {
  const { promise: moment, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  try {
    await Promise.race([adding, moment]);
  } finally {
    clearTimeout(timer);
  }
}
