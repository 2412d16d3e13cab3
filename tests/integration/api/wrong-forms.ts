import type { WrongRequest } from "./wrong-bodies.ts";

const base = { prompt: "x" };

/** Requests to POST /schedule that cannot be read, or not as JSON. */
export const wrongForms: readonly WrongRequest[] = [
  { name: "no JSON", body: "{", status: 400, code: "malformed_json", says: /JSON/ },
  {
    name: "JSON with something after it",
    body: '{"prompt":"x"} y',
    status: 400,
    code: "malformed_json",
    says: "position 15",
  },
  { name: "an empty body", body: "", status: 400, code: "malformed_json", says: "empty" },
  {
    name: "a million brackets",
    body: "[".repeat(1_000_000),
    status: 400,
    code: "malformed_json",
    says: "JSON",
  },
  {
    name: "text for a media type",
    headers: { "Content-Type": "text/plain" },
    body: base,
    status: 415,
    code: "unsupported_media_type",
    says: "application/json",
  },
  {
    name: "another charset",
    headers: { "Content-Type": "application/json; charset=latin1" },
    body: base,
    status: 415,
    code: "unsupported_media_type",
    says: "application/json",
  },
  {
    name: "a packed body",
    headers: { "Content-Encoding": "gzip" },
    body: base,
    status: 415,
    code: "unsupported_media_type",
    says: "Content-Encoding",
  },
  {
    name: "a body over 32 MiB",
    body: `"${"x".repeat(33_554_432)}"`,
    status: 413,
    code: "body_too_large",
    says: "32 MiB",
  },
  {
    name: "an empty Idempotency-Key",
    headers: { "Idempotency-Key": "" },
    body: base,
    status: 400,
    code: "invalid_idempotency_key",
    says: "visible ASCII",
  },
  {
    name: "an Idempotency-Key with a space",
    headers: { "Idempotency-Key": "a b" },
    body: base,
    status: 400,
    code: "invalid_idempotency_key",
    says: "visible ASCII",
  },
  {
    name: "an Idempotency-Key of 256",
    headers: { "Idempotency-Key": "k".repeat(256) },
    body: base,
    status: 400,
    code: "invalid_idempotency_key",
    says: "255",
  },
  {
    name: "a query where none is taken",
    path: "/schedule?dry_run=1",
    body: base,
    status: 422,
    code: "invalid_query",
    pointer: "/query/dry_run",
    says: "spelling",
  },
];
