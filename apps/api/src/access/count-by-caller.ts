/** How much of something this process holds at once. */
export interface CallerBounds {
  readonly perCaller: number;
  readonly overall: number;
}

/** What is held, by who holds it, and all together. */
export interface CountByCaller {
  /** Counts so much more for `caller`, unless a bound is in the way: then it says whose. */
  add(caller: string, amount: number): "caller_full" | "all_full" | null;
  /** Takes back what was added. */
  remove(caller: string, amount: number): void;
}

/** Counts; nothing is kept of a caller who holds nothing. */
export function createCountByCaller({ perCaller, overall }: CallerBounds): CountByCaller {
  const byCaller = new Map<string, number>();
  let all = 0;
  const change = (caller: string, by: number) => {
    const held = (byCaller.get(caller) ?? 0) + by;
    if (held === 0) byCaller.delete(caller);
    else byCaller.set(caller, held);
    all += by;
  };
  return {
    add: (caller, amount) => {
      if ((byCaller.get(caller) ?? 0) + amount > perCaller) return "caller_full";
      if (all + amount > overall) return "all_full";
      change(caller, amount);
      return null;
    },
    remove: (caller, amount) => change(caller, -amount),
  };
}
