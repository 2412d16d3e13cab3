import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { answerProgram } from "./answer-program.ts";
import type { EgressLog } from "./egress-log.ts";
import type { EgressPaces } from "./egress-paces.ts";
import { forwardRequest } from "./forward-request.ts";
import { createHeadTimers } from "./head-timers.ts";
import { readTarget, type Target } from "./judge-target.ts";
import type { TunnelAnswer } from "./open-tunnel.ts";
import type { OpenUpstream } from "./open-upstream.ts";
import { createPacedTurns } from "./paced-turns.ts";

/** Serves connections of programs that speak HTTP. Each request is judged by itself, whatever the one before it was. */
export interface HttpProxy {
  /** A connection to the proxy: CONNECT, or requests with whole URLs. */
  serve(client: Duplex): void;
  /** The inside of a tunnel to `target` in which HTTP is spoken: each request must be for it. */
  serveTunnel(client: Duplex, target: Target): void;
}

export interface HttpProxyDeps {
  readonly openUpstream: OpenUpstream;
  readonly log: EgressLog;
  /** How long a request's head may take, in milliseconds. */
  readonly headMs: number;
  readonly paces: Pick<EgressPaces, "requests">;
  /** A program wants to speak with the target itself. Answers by `granted`, once, or with why not. */
  readonly onTunnel: (client: Duplex, target: Target, answer: TunnelAnswer) => void;
}

const longestHeadBytes = 16 * 1024;
const absoluteForm = /^http:\/\/([^/?#\\]*)(\/[^#]*|\?[^#]*)?$/i;

/** Where HTTP is parsed by Node, strictly, and only what it understood is written anew. */
export function createHttpProxy(deps: HttpProxyDeps): HttpProxy {
  const targets = new WeakMap<Duplex, Target>();
  const heads = createHeadTimers(deps.headMs);
  // A connection has one request at a time, so that no more wait than there are connections.
  const turns = createPacedTurns(deps.paces.requests, () =>
    deps.log.slowed("requests", deps.paces.requests.perSecond),
  );
  const outer = createServer({ maxHeaderSize: longestHeadBytes }, (request, response) => {
    if (heads.begin(request.socket, response))
      turns.take(response, () => serveWholeUrl(deps, request, response));
  });
  const inner = createServer({ maxHeaderSize: longestHeadBytes }, (request, response) => {
    const target = targets.get(request.socket);
    if (target !== undefined && heads.begin(request.socket, response))
      turns.take(response, () => serveInTunnel(deps, target, request, response));
  });
  outer.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    heads.end(client);
    if (head.length > 0) client.unshift(head);
    serveConnect(deps, request.url ?? "", client);
  });

  function serveOn(server: Server, client: Duplex): void {
    heads.expect(client);
    server.emit("connection", client);
  }
  for (const server of [outer, inner]) refuseGarbage(server, deps.log);
  return {
    serve: (client) => serveOn(outer, client),
    serveTunnel(client, target) {
      targets.set(client, target);
      serveOn(inner, client);
    },
  };
}

/** As proxies are asked: the URL says whom it is for, whatever the Host header says. */
function serveWholeUrl(deps: HttpProxyDeps, request: IncomingMessage, response: ServerResponse): void {
  const [, authority, path = ""] = absoluteForm.exec(request.url ?? "") ?? [];
  if (authority === undefined)
    return refuse(deps, response, schemeOf(request), "the proxy takes whole http URLs, and CONNECT");
  const target = readTarget(authority, 80);
  if (!target.ok) return refuse(deps, response, authority, target.failure);
  const forwarding = { ...deps, target: target.value, path: path.startsWith("/") ? path : `/${path}` };
  void forwardRequest(forwarding, request, response);
}

/** As servers are asked: the Host header is to say what the tunnel is for. */
function serveInTunnel(
  deps: HttpProxyDeps,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const host = readTarget(request.headers.host ?? "", 80);
  const isSame = host.ok && target.host.text === host.value.host.text && target.port === host.value.port;
  const { url: path = "" } = request;
  if (isSame && path.startsWith("/"))
    return void forwardRequest({ ...deps, target, path }, request, response);
  refuse(deps, response, request.headers.host ?? "a request", "its Host is not what the tunnel is for");
}

function serveConnect({ log, onTunnel }: HttpProxyDeps, asked: string, client: Duplex): void {
  const target = readTarget(asked, null);
  if (target.ok) return onTunnel(client, target.value, tunnelAnswer(client));
  log.denied(asked, target.failure);
  tunnelAnswer(client).refused({ code: "refused", message: `${target.failure}.` });
}

function refuse({ log }: HttpProxyDeps, response: ServerResponse, asked: string, reason: string): void {
  log.denied(asked, reason);
  answerProgram(response, 403, `${asked} is refused: ${reason}.`);
}

function refuseGarbage(server: Server, log: EgressLog): void {
  server.on("clientError", (error: NodeJS.ErrnoException, client: Duplex) => {
    const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
    const status = tooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request";
    // Who merely went away in the middle asked for nothing.
    if (error.code?.startsWith("HPE_") === true)
      log.deniedAny(
        "what was asked for",
        tooLarge ? "its head is too large" : "it is neither HTTP nor SOCKS",
      );
    if (client.writable) client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    else client.destroy();
  });
}

function tunnelAnswer(client: Duplex): TunnelAnswer {
  return {
    granted: () => void client.write("HTTP/1.1 200 Connection established\r\n\r\n"),
    refused({ code, message }) {
      const status = code === "refused" ? "403 Forbidden" : "502 Bad Gateway";
      const length = String(Buffer.byteLength(message) + 1);
      client.end(
        `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${message}\n`,
      );
    },
  };
}

function schemeOf({ url }: IncomingMessage): string {
  return /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)/i.exec(url ?? "")?.[1] ?? "a request without a host";
}
