/** The database did not answer: away, full, or too busy. Nothing is known of what the statement did. */
export class DatabaseAway extends Error {
  override readonly name = "DatabaseAway";
}

// Codes of node, of postgres.js and of PostgreSQL (appendix A of its manual: class 08 connection, 53 resources,
// 57 operator intervention, 25006 read-only server) that say: not now, and not because of what was asked.
const awayCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOENT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "25006",
]);

/** True for every error that means that the database is away, whichever library raised it. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  if (!(error instanceof Error)) return false;
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code === "string" && (awayCodes.has(code) || /^(?:08|53|57)[0-9A-Z]{3}$/.test(code)))
    return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  return error.cause !== undefined && isDatabaseAway(error.cause);
}
