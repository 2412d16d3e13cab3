import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** How many event streams this process holds open. */
export interface StreamBounds {
  readonly perCaller: number;
  readonly overall: number;
}

/** The open event streams, by who reads them. Each costs a connection and up to a page of events in memory. */
export interface StreamSlots {
  /** Takes a slot for `caller`; what it gives must be called once the stream has ended, and may be called twice. */
  take(caller: string): Result<() => void, "too_many_streams" | "streams_full">;
}

/** Counts; nothing is kept of a caller without streams. */
export function createStreamSlots({ perCaller, overall }: StreamBounds): StreamSlots {
  const byCaller = new Map<string, number>();
  let all = 0;
  const change = (caller: string, by: 1 | -1) => {
    const open = (byCaller.get(caller) ?? 0) + by;
    if (open === 0) byCaller.delete(caller);
    else byCaller.set(caller, open);
    all += by;
  };
  return {
    take: (caller) => {
      if ((byCaller.get(caller) ?? 0) >= perCaller) return fail("too_many_streams");
      if (all >= overall) return fail("streams_full");
      change(caller, 1);
      let held = true;
      return succeed(() => {
        if (held) change(caller, -1);
        held = false;
      });
    },
  };
}
