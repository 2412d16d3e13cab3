import { getRequestListener } from "@hono/node-server";
import { createServer, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { Api } from "./api-env.ts";
import { problemBody, problemMediaType, type ProblemCode, problems } from "./problem.ts";

export interface HttpServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Takes no new connections, lets answers under way end for `graceMs`, then cuts what is open. */
  close(graceMs: number): Promise<void>;
}

/** Why the address cannot be listened on, as the system names it (EADDRINUSE, EACCES …). */
export type ListenFailure = { readonly code: string; readonly message: string };

const options = {
  maxHeaderSize: 16 * 1024,
  // Against clients that send a byte now and then: a head within 15 s, a whole request within 2 minutes.
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 10_000,
  // Answered by our own 400 instead of an empty one.
  requireHostHeader: false,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
} as const;

// A download that takes nothing for so long is given up. Event streams have their own, shorter, patience.
const idleMs = 120_000;

/** Serves the app over HTTP. */
export async function startServer(
  app: Api,
  address: { readonly host: string; readonly port: number },
): Promise<Result<HttpServer, ListenFailure>> {
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => plainProblem("bad_http", "The request line or the Host header cannot be read."),
  });
  const server = createServer(options, (incoming, outgoing) => void listener(incoming, outgoing));
  server.setTimeout(idleMs);
  server.on("clientError", answerUnreadable);
  const failure = await listen(server, address);
  if (failure !== null) return fail(failure);
  // safety: a server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return succeed({ port, close: (graceMs) => closeServer(server, graceMs) });
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

/** What is no HTTP never reaches the app: the answer is written by hand, and the connection ends. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = toProblemCode(error.code);
  const body = JSON.stringify(problemBody(code, details[code]));
  const { status } = problems[code];
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}\r\nContent-Type: ${problemMediaType}\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`,
  );
}

type UnreadableCode = Extract<ProblemCode, "headers_too_large" | "request_timeout" | "bad_http">;

const details = {
  headers_too_large: `The request line and headers have at most ${String(options.maxHeaderSize)} bytes together.`,
  request_timeout: "The request did not arrive in time.",
  bad_http: "This is not readable as HTTP/1.1.",
} as const satisfies Record<UnreadableCode, string>;

function toProblemCode(code: string | undefined): UnreadableCode {
  if (code === "HPE_HEADER_OVERFLOW") return "headers_too_large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "request_timeout" : "bad_http";
}

function plainProblem(code: ProblemCode, detail: string): Response {
  return new Response(JSON.stringify(problemBody(code, detail)), {
    status: problems[code].status,
    headers: { "Content-Type": problemMediaType, "X-Content-Type-Options": "nosniff" },
  });
}
