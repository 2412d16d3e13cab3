import {
  request as openRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { answerProgram } from "./answer-program.ts";
import { hostHeader, type Target } from "./judge-target.ts";
import type { OpenUpstream } from "./open-upstream.ts";

export interface Forwarding {
  readonly target: Target;
  /** With its query; begins with a slash. */
  readonly path: string;
  readonly openUpstream: OpenUpstream;
}

/** Of one connection only (RFC 9110, 7.6.1), and what would make another protocol of it. */
const hopByHop = new Set([
  ...[
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-authentication-info",
  ],
  ...["te", "trailer", "upgrade", "http2-settings", "expect"],
]);

/** Has one request answered by its target, over a connection of its own. Never rejects. */
export async function forwardRequest(
  { target, path, openUpstream }: Forwarding,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const upstream = await openUpstream(target, gone.signal);
  if (!upstream.ok) {
    const { code, message } = upstream.failure;
    return answerProgram(response, code === "refused" ? 403 : 502, message);
  }
  const socket = upstream.value;
  response.once("close", () => socket.destroy());
  if (gone.signal.aborted) socket.destroy();
  try {
    const outgoing = startRequest(socket, target, path, request);
    const answering = responseOf(outgoing);
    // An answer may come before the request is whole; what breaks off is heard of by the answer that does not come.
    void pipeline(request, outgoing).catch(() => undefined);
    const answered = await answering;
    response.sendDate = false;
    response.writeHead(answered.statusCode ?? 502, answered.statusMessage, endToEnd(answered));
    await pipeline(answered, response);
  } catch {
    answerProgram(response, 502, "the connection to the host broke off, or its answer is no HTTP");
  } finally {
    socket.destroy();
  }
}

function startRequest(socket: Socket, target: Target, path: string, request: IncomingMessage): ClientRequest {
  const headers = endToEnd(request).concat("Host", hostHeader(target), "Connection", "close");
  return openRequest({
    ...{ createConnection: () => socket, method: request.method, path, headers, setHost: false },
    maxHeaderSize: 64 * 1024,
  });
}

function responseOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
    outgoing.once("upgrade", () => reject(new Error("another protocol was not asked for")));
    outgoing.once("close", () => reject(new Error("there was no answer")));
  });
}

/** The headers that are for the other end: names and values, one after the other. */
function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = new Set((headers.connection ?? "").toLowerCase().split(/[\s,]+/));
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (lower === "host" || hopByHop.has(lower)) continue;
    // What frames the body must stay, whatever a sender says of it.
    if (named.has(lower) && lower !== "content-length" && lower !== "transfer-encoding") continue;
    kept.push(name, value);
  }
  return kept;
}
