/** The database did not answer: away, full, or too busy. Nothing is known of what the statement did. */
export class DatabaseAway extends Error {
  override readonly name = "DatabaseAway";
}

// Codes of postgres.js and of PostgreSQL (appendix A of its manual: class 08 connection, 53 resources, 57 operator
// intervention, 25006 read-only server) that say: not now, and not because of what was asked.
const awayCode = /^(?:CONNECT_TIMEOUT|CONNECTION_(?:CLOSED|DESTROYED|ENDED)|(?:08|53|57)[0-9A-Z]{3}|25006)$/;

// What Node says of any connection, and of files, too.
const socketCodes: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["ENOTFOUND", "EAI_AGAIN", "ENOENT"],
]);

/**
 * True for every error that means that the database is away, whichever library raised it; false for the same words of
 * another connection, or of a file. postgres.js (3.4.9, `queryError`) puts the statement to what it rejects one with, and
 * so says whose it was.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  if (!(error instanceof Error)) return false;
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code === "string" && (awayCode.test(code) || ("query" in error && socketCodes.has(code))))
    return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  return error.cause !== undefined && isDatabaseAway(error.cause);
}
