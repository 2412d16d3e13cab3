import type { IncomingMessage } from "node:http";
import type { ProblemCode } from "../problem.ts";
import type { ServerBounds } from "./server-bounds.ts";

/** Why a request is not handed to the app. */
export interface Refusal {
  readonly code: Extract<ProblemCode, "bad_http" | "headers_too_large">;
  readonly detail: string;
}

// As the URL parser does, which takes these out: `/status/../metrics` must not be another page to a proxy than to us.
const dotSegment = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

// Of two, one reader takes the first and the next one the last.
const onlyOnce = ["host", "authorization", "content-type"] as const;

/**
 * What Node's parser lets pass although two readers of the same bytes could understand it differently, or although no
 * client that means well sends it; null where there is nothing.
 */
export function refuseRequest(
  incoming: Pick<IncomingMessage, "rawHeaders" | "httpVersion" | "url">,
  bounds: Pick<ServerBounds, "maxHeaders">,
): Refusal | null {
  const names = incoming.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  if (names.length > bounds.maxHeaders) {
    return {
      code: "headers_too_large",
      detail: `A request has at most ${String(bounds.maxHeaders)} headers.`,
    };
  }
  const target = incoming.url ?? "";
  const twice = onlyOnce.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) return badHttp(`The header ${twice} is given once.`);
  // RFC 9112 6.1: whoever sends this is not understood by some proxy in between.
  if (incoming.httpVersion === "1.0" && names.includes("transfer-encoding"))
    return badHttp("HTTP/1.0 has no Transfer-Encoding.");
  if (target.includes("#")) return badHttp("A fragment (#) is not sent to a server.");
  if (target.includes("\\")) return badHttp("A path is written with / and not with \\.");
  if (dotSegment.test(pathOf(target)))
    return badHttp("A path has no . or .. segments: write the page itself.");
  return null;
}

/** The path of a request target, in origin form (`/jobs?x`) or absolute form (`http://a/jobs?x`). */
function pathOf(target: string): string {
  const end = target.indexOf("?");
  return end === -1 ? target : target.slice(0, end);
}

function badHttp(detail: string): Refusal {
  return { code: "bad_http", detail };
}
