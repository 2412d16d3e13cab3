import { describeDatabaseFault } from "@longshore/shared/db/describe-database-fault";

/** What requests met of the database lately: it may answer /ready, and yet store nothing (its disk is full). */
export interface DatabaseTrouble {
  /** Takes an error that means that the database is away. */
  met(error: unknown): void;
  /** What the last one said, for some seconds; null where nothing was met since. */
  lately(): string | null;
}

const lastsMs = 10_000;

/** None yet. `now` is a clock in ms. */
export function createDatabaseTrouble(now: () => number = () => performance.now()): DatabaseTrouble {
  let last: { readonly at: number; readonly reason: string } | null = null;
  return {
    met: (error) => {
      last = { at: now(), reason: describeDatabaseFault(error) };
    },
    lately: () => (last === null || now() - last.at > lastsMs ? null : last.reason),
  };
}
