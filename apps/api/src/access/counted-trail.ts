/** Tells the audit trail of what may happen often. */
export interface CountedTrail<Happening> {
  note(happening: Happening): void;
  /** Tells what was counted and not told yet. */
  close(): void;
}

export interface CountedTrailDeps<Happening> {
  /** What happens again within the time, of the same kind, is counted. */
  readonly kindOf: (happening: Happening) => string;
  /** `times` is how often it, and its like after it, happened that was not told yet. False where it cannot be told now. */
  readonly tell: (first: Happening, times: number) => boolean;
  readonly everyMs?: number;
}

const windowMs = 60_000;

/**
 * Of each kind the first is told at once and those of the next minute are counted: nobody fills the table by trying. One
 * that cannot be told at once is counted too.
 */
export function createCountedTrail<Happening>({
  kindOf,
  tell,
  everyMs = windowMs,
}: CountedTrailDeps<Happening>): CountedTrail<Happening> {
  const open = new Map<string, { readonly first: Happening; more: number; readonly timer: NodeJS.Timeout }>();
  const end = (kind: string) => {
    const ended = open.get(kind);
    if (ended === undefined) return;
    open.delete(kind);
    clearTimeout(ended.timer);
    if (ended.more > 0) tell(ended.first, ended.more);
  };
  return {
    note: (happening) => {
      const kind = kindOf(happening);
      const counted = open.get(kind);
      if (counted !== undefined) {
        counted.more += 1;
        return;
      }
      const timer = setTimeout(end, everyMs, kind).unref();
      open.set(kind, { first: happening, more: tell(happening, 1) ? 0 : 1, timer });
    },
    close: () => {
      for (const kind of [...open.keys()]) end(kind);
    },
  };
}
