import type postgres from "postgres";

/** Says to postgres.js that a value is JSON: its type knows no read-only arrays and no optional keys. */
export function toJson(value: object): postgres.JSONValue {
  // safety: callers give values that were parsed by a schema of JSON values.
  return value as postgres.JSONValue;
}
