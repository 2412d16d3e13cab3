import type { ServerResponse } from "node:http";

/** Answers a program's request ourselves, or breaks off where another answer has begun. */
export function answerProgram(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  const body = `${text.replaceAll(/[^\x20-\x7e]/g, "?")}\n`;
  response.writeHead(status, {
    "Content-Type": "text/plain",
    "Content-Length": body.length,
    Connection: "close",
  });
  response.end(body);
}
