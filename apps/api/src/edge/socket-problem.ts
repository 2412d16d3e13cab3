import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { problemBody, problemMediaType, type ProblemCode, problems } from "../problem.ts";

const ending = { "X-Content-Type-Options": "nosniff", Connection: "close" } as const;

/** Writes a problem to a connection that has no answer yet, by hand, and ends it. */
export function endWithProblem(socket: Duplex, code: ProblemCode, detail: string): void {
  const { status } = problems[code];
  const { body, headers } = toAnswer(code, detail);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body.toString()}`,
  );
}

/** Answers with a problem without the app, and ends the connection. */
export function answerWithProblem(outgoing: ServerResponse, code: ProblemCode, detail: string): void {
  const { body, headers } = toAnswer(code, detail);
  outgoing.writeHead(problems[code].status, headers);
  outgoing.end(body);
}

function toAnswer(code: ProblemCode, detail: string) {
  const body = Buffer.from(JSON.stringify(problemBody(code, detail)));
  const headers = { "Content-Type": problemMediaType, "Content-Length": String(body.length), ...ending };
  return { body, headers };
}
