import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import type { FuzzedRequest } from "./fuzzed-requests.ts";

/** What came back. `text` is empty for an event stream, which is left once its head is there. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly ms: number;
}

export interface Sender {
  /** Rejects where there is no whole answer within `limitMs`. */
  send(request: FuzzedRequest): Promise<Answer>;
  close(): void;
}

/** Sends over a few connections that are used again. */
export function createSender(port: number, limitMs: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    send: async (request) => {
      const sent = await sendOnce(agent, port, limitMs, request);
      // A server may close a connection that is kept just as the next request goes out on it.
      return sent === "gone" ? answered(await sendOnce(agent, port, limitMs, request)) : sent;
    },
    close: () => agent.destroy(),
  };
}

function answered(sent: Answer | "gone"): Answer {
  if (sent === "gone") throw new Error("the connection was closed twice without an answer");
  return sent;
}

function sendOnce(
  agent: Agent,
  port: number,
  limitMs: number,
  request: FuzzedRequest,
): Promise<Answer | "gone"> {
  const { method, target, headers, body } = request;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const options = { host: "127.0.0.1", port, agent, method, path: target, headers: { ...headers } };
    const sent = httpRequest(options, (incoming) => {
      readText(incoming).then((text) => {
        clearTimeout(limit);
        const type = incoming.headers["content-type"] ?? "";
        resolve({ status: incoming.statusCode ?? 0, type, text, ms: performance.now() - began });
      }, reject);
    });
    const limit = setTimeout(
      () => sent.destroy(new Error(`no answer within ${String(limitMs)} ms`)),
      limitMs,
    );
    sent.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      if (sent.reusedSocket && error.code === "ECONNRESET") resolve("gone");
      else reject(error);
    });
    sent.end(body ?? undefined);
  });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  if (incoming.headers["content-type"]?.startsWith("text/event-stream") === true) {
    incoming.destroy();
    return "";
  }
  const pieces: Buffer[] = [];
  // safety: a stream without an encoding gives Buffers.
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
