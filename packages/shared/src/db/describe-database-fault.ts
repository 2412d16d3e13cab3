import { DatabaseAway } from "./database-away.ts";

// By the code of PostgreSQL (appendix A of its manual), of node or of postgres.js; the first match wins.
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^53100$/, "PostgreSQL's disk is full"],
  [/^53200$/, "PostgreSQL is out of memory"],
  [/^53300$/, "PostgreSQL has no connection left (max_connections)"],
  [/^57014$/, "a statement took too long for PostgreSQL"],
  [/^57P03$/, "PostgreSQL is starting or stopping"],
  [/^57P/, "PostgreSQL was stopped, or cut the connection"],
  [/^25006$/, "this PostgreSQL is read-only"],
  [/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/, "PostgreSQL cannot be reached"],
];

/** What an error that means that the database is away says to whoever operates it. No address, no SQL. */
export function describeDatabaseFault(error: unknown): string {
  const codes = codesOf(error);
  for (const [form, meaning] of meanings) if (codes.some((code) => form.test(code))) return meaning;
  return error instanceof DatabaseAway ? error.message : "the database does not answer";
}

/** True where the connection is gone, or none is to be had: every statement would fail, whatever it asks. */
export function isConnectionLost(error: unknown): boolean {
  return codesOf(error).some((code) => /^(?:E[A-Z]+|CONNECT[A-Z_]+|08...|57P..|53300)$/.test(code));
}

function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const inside = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...own, ...inside, ...codesOf(error.cause)];
}
