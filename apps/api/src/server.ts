import { getRequestListener } from "@hono/node-server";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { Api } from "./api-env.ts";
import { answerUnreadable } from "./edge/answer-unreadable.ts";
import { createPendingAnswers } from "./edge/pending-answers.ts";
import { refuseRequest } from "./edge/refuse-request.ts";
import { type ServerBounds, serverBounds } from "./edge/server-bounds.ts";
import { answerWithProblem, endWithProblem } from "./edge/socket-problem.ts";
import { createUnsentAnswers } from "./edge/unsent-answers.ts";
import { mostBodyBytes } from "./middleware/body-limit.ts";
import { problemBody, problemMediaType, problems } from "./problem.ts";

export interface HttpServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Takes no new connections, lets answers under way end for `graceMs`, then cuts what is open. */
  close(graceMs: number): Promise<void>;
}

/** Why the address cannot be listened on, as the system names it (EADDRINUSE, EACCES …). */
export type ListenFailure = { readonly code: string; readonly message: string };

/** Serves the app over HTTP. */
export async function startServer(
  app: Api,
  address: { readonly host: string; readonly port: number },
  bounds: ServerBounds = serverBounds,
): Promise<Result<HttpServer, ListenFailure>> {
  const server = createServer(toOptions(bounds));
  server.setTimeout(bounds.stalledMs);
  server.maxConnections = bounds.maxConnections;
  // Node would leave out what is above its own bound; the head's size bounds them, and `refuseRequest` counts.
  server.maxHeadersCount = 0;
  handleRequests(server, app, bounds);
  const failure = await listen(server, address);
  if (failure !== null) return fail(failure);
  // safety: a server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return succeed({ port, close: (graceMs) => closeServer(server, graceMs) });
}

function toOptions(bounds: ServerBounds) {
  return {
    maxHeaderSize: bounds.maxHeadBytes,
    // Against clients that send a byte now and then.
    headersTimeout: bounds.headersMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: bounds.checkMs,
    keepAliveTimeout: bounds.idleMs,
    // Answered by our own 400 instead of an empty one.
    requireHostHeader: false,
    keepAlive: true,
    keepAliveInitialDelay: 15_000,
    // Whatever a flag or the environment says of it.
    insecureHTTPParser: false,
  } as const;
}

function handleRequests(server: Server, app: Api, bounds: ServerBounds): void {
  const pending = createPendingAnswers();
  const unsent = createUnsentAnswers(bounds);
  // Its own Response in the place of Node's: an answer that nothing has touched since it was made goes out as it is, ended
  // with all its bytes. `unsent` watches what is written in pieces, as all others are: of these alone there may be many bytes.
  const listener = getRequestListener(app.fetch, { errorHandler: unreadableTarget });
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (pending.add(incoming.socket, outgoing) > bounds.maxPipelined) {
      incoming.socket.destroy();
      return;
    }
    const refusal = refuseRequest(incoming, bounds);
    unsent.watch(incoming.socket, outgoing);
    if (refusal === null) void listener(incoming, outgoing);
    else answerWithProblem(outgoing, refusal.code, refusal.detail);
  };
  server.on("request", handle);
  server.on("checkContinue", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // A body that will be refused for its length is not asked for.
    if (Number(incoming.headers["content-length"] ?? "0") <= mostBodyBytes) outgoing.writeContinue();
    handle(incoming, outgoing);
  });
  server.on("checkExpectation", (_, outgoing: ServerResponse) => {
    answerWithProblem(outgoing, "expectation_failed", "Of Expect, only 100-continue is known here.");
  });
  server.on("connect", (_, socket) => {
    // Node gives the connection away without a listener for its errors: a client that resets it would end the process.
    socket.on("error", () => socket.destroy());
    if (!socket.writable || pending.begun(socket)) socket.destroy();
    else endWithProblem(socket, "bad_http", "This is no proxy: it takes no CONNECT.");
  });
  server.on("clientError", (error, socket) => answerUnreadable(error, socket, pending.begun(socket)));
}

function unreadableTarget(): Response {
  const body = problemBody("bad_http", "The request line or the Host header cannot be read.");
  return new Response(JSON.stringify(body), {
    status: problems.bad_http.status,
    headers: {
      "Content-Type": problemMediaType,
      "X-Content-Type-Options": "nosniff",
      Connection: "close",
    },
  });
}

function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<ListenFailure | null> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve({ code: error.code ?? "unknown", message: error.message });
    });
    server.listen(port, host, () => resolve(null));
  });
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
