import { setTimeout as pause } from "node:timers/promises";
import type { JobRow } from "./job-record.ts";

export interface HeldLeaseDeps {
  /** Takes the Lease that is next, and waits for a row that somebody holds; null where none is due. */
  readonly wait: () => Promise<JobRow | null>;
  /** Takes one whose row nobody holds; null where there is none. */
  readonly look: () => Promise<JobRow | null>;
}

/** In ms; who stands behind the one that waits keeps a place of the worker, for which others may have come meanwhile. */
const lookAgainMs = 1_000;

type Place = PromiseWithResolvers<JobRow | null>;

/**
 * Gives what takes a Lease for those that have looked and found none: a row may be held. Who waits for one has a connection
 * meanwhile, so that one does, for all; the others look again now and then, and when that one has its row. Where none is due,
 * that is true of all that came before it looked.
 */
export function createHeldLeaseLine({ wait, look }: HeldLeaseDeps): () => Promise<JobRow | null> {
  const line = new Set<Place>();
  let isServed = false;

  const takeOrWait = async () => (await look()) ?? (await standInLine());
  const standInLine = async (): Promise<JobRow | null> => {
    for (;;) {
      const place: Place = Promise.withResolvers();
      line.add(place);
      if (!isServed) void serve();
      const told = place.promise.then((row) => ({ row }));
      const outcome = await Promise.race([told, pause(lookAgainMs, null, { ref: false })]);
      if (outcome !== null) return outcome.row;
      // Not in line any more: it is the one that waits.
      if (!line.delete(place)) return place.promise;
      const row = await look();
      if (row !== null) return row;
    }
  };
  const serve = async () => {
    isServed = true;
    for (let [first, ...behind] = line; first !== undefined; [first, ...behind] = line) {
      line.delete(first);
      const tellOthers = (tell: (place: Place) => void) => {
        for (const place of behind) if (line.delete(place)) tell(place);
      };
      try {
        const row = await wait();
        first.resolve(row);
        tellOthers(({ resolve }) => resolve(row === null ? null : takeOrWait()));
      } catch (error) {
        first.reject(error);
        tellOthers(({ reject }) => reject(error));
      }
    }
    isServed = false;
  };
  return standInLine;
}
