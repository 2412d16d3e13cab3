import { type WrongRequest, wrongBodies } from "./wrong-bodies.ts";
import { wrongForms } from "./wrong-forms.ts";

const id = "0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87";

const get = (
  name: string,
  path: string,
  status: number,
  code: string,
  says: string | RegExp,
  pointer?: string,
): WrongRequest => ({
  method: "GET",
  name,
  path,
  status,
  code,
  says,
  ...(pointer === undefined ? {} : { pointer }),
});

const query = (name: string, path: string, pointer: string, says: string) =>
  get(name, path, 422, "invalid_query", says, `/query/${pointer}`);

/** Every one of these is the client's fault, and none of them may be told as ours. */
export const wrongRequests: readonly WrongRequest[] = [
  ...wrongBodies,
  ...wrongForms,
  get("an unknown path", "/stauts/1", 404, "route_not_found", "nothing at this path"),
  get("an id that is none", "/status/42", 400, "invalid_id", "UUID"),
  get("an id with a quote", "/status/%27%3B--", 400, "invalid_id", "UUID"),
  get("an id with NUL", "/status/%00", 400, "invalid_id", "UUID"),
  get("an id of bytes that are no UTF-8", "/status/%ff", 400, "invalid_id", "UUID"),
  get("an unknown job", `/status/${id}`, 404, "job_not_found", id),
  get("the log of an unknown job", `/logs/${id}`, 404, "job_not_found", id),
  get("the events of an unknown job", `/events/${id}`, 404, "job_not_found", id),
  get("the archive of an unknown job", `/download/${id}`, 404, "job_not_found", "no job"),
  { ...get("cancelling an unknown job", `/cancel/${id}`, 404, "job_not_found", id), method: "POST" },
  get("GET where POST is meant", "/schedule", 405, "method_not_allowed", "POST"),
  {
    ...get("POST where GET is meant", `/status/${id}`, 405, "method_not_allowed", "GET and HEAD"),
    method: "POST",
  },
  { ...get("DELETE of a job", `/status/${id}`, 405, "method_not_allowed", "GET"), method: "DELETE" },
  query("an unknown query parameter", `/status/${id}?verbose=1`, "verbose", "spelling"),
  query("a limit of 0", "/jobs?limit=0", "limit", "from 1 to 200"),
  query("a limit of 201", "/jobs?limit=201", "limit", "from 1 to 200"),
  query("a limit that is text", "/jobs?limit=ten", "limit", "whole number"),
  query("a limit that is empty", "/jobs?limit=", "limit", "whole number"),
  query("a limit given twice", "/jobs?limit=1&limit=2", "limit", "must be given once"),
  query("an unknown status", "/jobs?status=done", "status", '"queued"'),
  query("an unknown status beside a known one", "/jobs?status=queued&status=done", "status", '"queued"'),
  query("an empty search", "/jobs?q=", "q", "must not be empty"),
  query("a search with NUL", "/jobs?q=a%00", "q", "NUL"),
  query("a time that is none", "/jobs?created_after=yesterday", "created_after", "RFC 3339"),
  query("a time without its zone", "/jobs?created_before=2026-01-01T00:00:00", "created_before", "RFC 3339"),
  query(
    "a day that is not in the calendar",
    "/jobs?created_before=2026-02-30T00:00:00Z",
    "created_before",
    "RFC 3339",
  ),
  query("the year 0", "/jobs?created_after=0000-01-01T00:00:00Z", "created_after", "after the year 0"),
  query("a label without its key", "/jobs?metadata.=x", "metadata.", "must name a key"),
  query("a label given twice", "/jobs?metadata.a=x&metadata.a=y", "metadata.a", "given once"),
  query("a label with NUL", "/jobs?metadata.a=%00", "metadata.a", "NUL"),
  query("metadata without a key", "/jobs?metadata=x", "metadata", "spelling"),
  query("__proto__ as a query parameter", "/jobs?__proto__=x", "__proto__", "spelling"),
  get("a cursor that is none", "/jobs?cursor=abc", 400, "invalid_cursor", "next_cursor"),
  get("a cursor with NUL", "/jobs?cursor=%00", 400, "invalid_cursor", "next_cursor"),
  query("an unknown format", `/logs/${id}?format=xml`, "format", '"json", "text"'),
  query("an unknown stream", `/logs/${id}?stream=stdin`, "stream", '"stdout"'),
  query("a log limit of 10,001", `/logs/${id}?limit=10001`, "limit", "from 1 to 10000"),
  query("a negative after", `/logs/${id}?after=-1`, "after", "whole number"),
  query("an after beyond counting", `/events/${id}?after=99999999999999999999`, "after", "whole number"),
  { ...query("a wait of 31 seconds", `/cancel/${id}?wait=31`, "wait", "from 0 to 30"), method: "POST" },
  {
    ...get("a Last-Event-ID that is text", `/events/${id}`, 400, "invalid_last_event_id", "whole number"),
    headers: { "Last-Event-ID": "x" },
  },
  {
    ...get("a Last-Event-ID below 0", `/events/${id}`, 400, "invalid_last_event_id", "whole number"),
    headers: { "Last-Event-ID": "-1" },
  },
];
