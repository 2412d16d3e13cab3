import type { Duplex } from "node:stream";
import type { ProblemCode } from "../problem.ts";
import { serverBounds } from "./server-bounds.ts";
import { endWithProblem } from "./socket-problem.ts";

type UnreadableCode = Extract<ProblemCode, "headers_too_large" | "request_timeout" | "bad_http">;

const details = {
  headers_too_large: `The request line and headers have at most ${String(serverBounds.maxHeadBytes)} bytes together.`,
  request_timeout: "The request did not arrive in time.",
  bad_http: "This is not readable as HTTP/1.1.",
} as const satisfies Record<UnreadableCode, string>;

/** What is no HTTP never reaches the app: the answer is written by hand, unless one has `begun`, and the connection ends. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex, begun: boolean): void {
  if (error.code === "ECONNRESET" || !socket.writable || begun) {
    socket.destroy();
    return;
  }
  const code = toProblemCode(error.code);
  endWithProblem(socket, code, details[code]);
}

function toProblemCode(code: string | undefined): UnreadableCode {
  if (code === "HPE_HEADER_OVERFLOW") return "headers_too_large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "request_timeout" : "bad_http";
}
