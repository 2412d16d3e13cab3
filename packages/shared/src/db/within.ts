import { DatabaseAway } from "./database-away.ts";

/** How long a statement may take, waiting for a connection included. */
export const statementBoundMs = 10_000;

/**
 * Waits for a statement at most `boundMs`, then throws {@link DatabaseAway}: a full pool of postgres.js waits for ever.
 * The statement itself goes on: the server ends it after its statement_timeout, and where the server was frozen it may
 * still run when that goes on, so that every write must be harmless late. It is not cancelled: the `cancel()` of
 * postgres.js 3.4 opens a connection whose failure nobody can handle, which ends the process, and loses a connection of
 * the pool for good where that was just being made.
 */
export async function within<Rows>(statement: PromiseLike<Rows>, boundMs = statementBoundMs): Promise<Rows> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DatabaseAway(`the database did not answer within ${String(boundMs)} ms`));
    }, boundMs);
  });
  try {
    return await Promise.race([statement, bound]);
  } finally {
    clearTimeout(timer);
  }
}
