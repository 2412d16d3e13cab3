import { problem } from "@longshore/shared/contracts/problem";
import type { FuzzedRequest } from "./fuzzed-requests.ts";
import type { Answer } from "./send-request.ts";

/** Answers of what is before the routes, and so of no operation's own. */
const edgeCodes: ReadonlySet<string> = new Set([
  "bad_http",
  "headers_too_large",
  "route_not_found",
  "method_not_allowed",
  "origin_not_allowed",
  "host_not_allowed",
]);

/** What is wrong with an answer, in a sentence; null where nothing is. */
export function judgeAnswer(
  { operation, method }: FuzzedRequest,
  { status, type, text }: Answer,
): string | null {
  if (status >= 500) return `is answered with ${String(status)}: ${text.slice(0, 300)}`;
  if (status < 200) return `has no status: ${String(status)}`;
  if (method === "HEAD") return text === "" ? null : "has a body, though it asked for the head";
  if (status < 400)
    return operation.statuses.has(status)
      ? null
      : `has the status ${String(status)}, which is not documented`;
  if (type !== "application/problem+json") return `is refused as ${type}`;
  const read = problem.safeParse(toJson(text));
  if (!read.success) return `is refused with what is no problem: ${text.slice(0, 300)}`;
  if (read.data.status !== status) return "is refused with two statuses";
  if (text.includes("<")) return "is refused in a form that a browser could take for a page";
  if (/node_modules|\bat \/|postgres|SELECT /.test(read.data.detail))
    return `tells of its inside: ${read.data.detail}`;
  if (operation.statuses.has(status) || edgeCodes.has(read.data.code)) return null;
  return `is refused with ${String(status)} ${read.data.code}, which is not documented`;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
