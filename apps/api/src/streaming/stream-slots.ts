import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { type CallerBounds, createCountByCaller } from "../access/count-by-caller.ts";

/** The open event streams, by who reads them. Each costs a connection and up to a page of events in memory. */
export interface StreamSlots {
  /** Takes a slot for `caller`; what it gives must be called once the stream has ended, and may be called twice. */
  take(caller: string): Result<() => void, "too_many_streams" | "streams_full">;
}

export function createStreamSlots(bounds: CallerBounds): StreamSlots {
  const count = createCountByCaller(bounds);
  return {
    take: (caller) => {
      const full = count.add(caller, 1);
      if (full !== null) return fail(full === "caller_full" ? "too_many_streams" : "streams_full");
      let held = true;
      return succeed(() => {
        if (held) count.remove(caller, 1);
        held = false;
      });
    },
  };
}
