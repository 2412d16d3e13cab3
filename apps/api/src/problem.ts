import type { ProblemBody } from "@longshore/shared/contracts/problem";
import type { Context, TypedResponse } from "hono";

/** Every way in which a request can go wrong, and how it is told. Codes are for ever: clients branch on them. */
export const problems = {
  bad_http: { status: 400, title: "Not readable as HTTP" },
  invalid_utf8: { status: 400, title: "Body is not UTF-8" },
  malformed_json: { status: 400, title: "Body is not JSON" },
  incomplete_body: { status: 400, title: "Body ended early" },
  invalid_id: { status: 400, title: "Not an id" },
  invalid_cursor: { status: 400, title: "Cursor does not fit" },
  invalid_idempotency_key: { status: 400, title: "Not an idempotency key" },
  invalid_last_event_id: { status: 400, title: "Not an event number" },
  key_missing: { status: 401, title: "API key needed" },
  key_invalid: { status: 401, title: "Not an API key" },
  key_revoked: { status: 401, title: "API key revoked" },
  key_expired: { status: 401, title: "API key expired" },
  scope_missing: { status: 403, title: "API key lacks a scope" },
  operator_only: { status: 403, title: "Only for who runs the service" },
  host_not_allowed: { status: 403, title: "Not asked under this name" },
  origin_not_allowed: { status: 403, title: "Not asked from another page" },
  link_forged: { status: 403, title: "No link of this service" },
  job_not_found: { status: 404, title: "No such job" },
  file_not_found: { status: 404, title: "No such file in the archive" },
  no_archive: { status: 404, title: "Job has no archive" },
  key_not_found: { status: 404, title: "No such API key" },
  route_not_found: { status: 404, title: "No such page" },
  method_not_allowed: { status: 405, title: "Method not allowed here" },
  request_timeout: { status: 408, title: "Request came too slowly" },
  idempotency_conflict: { status: 409, title: "Key used with another body" },
  request_sealed: { status: 409, title: "Job has secrets" },
  keys_unconfigured: { status: 409, title: "Service has no API keys" },
  key_ambiguous: { status: 409, title: "Several API keys have this prefix" },
  last_admin_key: { status: 409, title: "Last API key of an admin" },
  not_finished: { status: 409, title: "Job has not ended" },
  expired: { status: 410, title: "Removed after its retention" },
  request_wiped: { status: 410, title: "Wiped with the job's secrets" },
  link_expired: { status: 410, title: "Link has expired" },
  body_too_large: { status: 413, title: "Body too large" },
  unsupported_media_type: { status: 415, title: "Media type not taken" },
  range_not_satisfiable: { status: 416, title: "Range outside of the archive" },
  expectation_failed: { status: 417, title: "Expectation not known here" },
  invalid_body: { status: 422, title: "Body is not valid" },
  invalid_query: { status: 422, title: "Query is not valid" },
  secrets_unconfigured: { status: 422, title: "Secrets are not taken here" },
  tenant_jobs_full: { status: 429, title: "As many of the caller's jobs are unfinished as may" },
  tenant_queue_full: { status: 429, title: "As many of the caller's jobs wait as may" },
  tenant_rate_exceeded: { status: 429, title: "Caller submits too many jobs a minute" },
  tenant_storage_full: { status: 429, title: "Caller's archives and logs take too much room" },
  too_many_keys: { status: 429, title: "As many API keys were made as may" },
  too_much_at_once: { status: 429, title: "Caller sends too much at once" },
  too_many_streams: { status: 429, title: "Caller follows too many jobs at once" },
  headers_too_large: { status: 431, title: "Headers too large" },
  internal: { status: 500, title: "Fault of the service" },
  database_unavailable: { status: 503, title: "Database is away" },
  tenant_busy: { status: 503, title: "Count of the caller's jobs is busy" },
  not_ready: { status: 503, title: "Not ready" },
  storage_full: { status: 503, title: "No room for more jobs" },
  bodies_full: { status: 503, title: "No room for more bodies" },
  streams_full: { status: 503, title: "No room for more event streams" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;

export type ProblemStatus<Code extends ProblemCode> = (typeof problems)[Code]["status"];

/** What is wrong with one part of the request. `pointer` is a JSON pointer into the body, or `/query/<name>`. */
export interface RequestFault {
  readonly pointer: string;
  readonly detail: string;
}

/** Seconds after which a client may well ask again when the database is away, or when it asked too much at once. */
export const retryAfterSeconds = 2;
// Somebody has to make room first.
const storageRetryAfterSeconds = 30;

/** The body of a problem (RFC 9457). `detail` is a sentence for the caller: no stack, no SQL, no path of this machine. */
export function problemBody(
  code: ProblemCode,
  detail: string,
  errors?: readonly RequestFault[],
): ProblemBody & { code: ProblemCode } {
  const { status, title } = problems[code];
  const body = { type: `urn:longshore:problem:${code}`, title, status, detail, code };
  return errors === undefined ? body : { ...body, errors: [...errors] };
}

export const problemMediaType = "application/problem+json" as const;

/** Answers with a problem. Its type carries the status, so that a route cannot answer one that it does not document. */
export function answerProblem<Code extends ProblemCode>(
  c: Context,
  code: Code,
  detail: string,
  errors?: readonly RequestFault[],
  secondsToWait: number = code === "storage_full" ? storageRetryAfterSeconds : retryAfterSeconds,
): ProblemResponse<Code> {
  const { status } = problems[code];
  if (status === 503 || status === 429) c.header("Retry-After", String(secondsToWait));
  const text = toProblemText(problemBody(code, detail, errors));
  // safety: this is what c.json gives for the same body, but for how its characters are written.
  return c.body(text, status, { "Content-Type": problemMediaType }) as unknown as ProblemResponse<Code>;
}

type ProblemResponse<Code extends ProblemCode> = Response &
  TypedResponse<ProblemBody, ProblemStatus<Code>, "json">;

/** JSON without `<`: a problem tells names of the request again, and is to be no page even to what ignores its type. */
export function toProblemText(body: ProblemBody): string {
  return JSON.stringify(body).replaceAll("<", String.raw`\u003c`);
}
