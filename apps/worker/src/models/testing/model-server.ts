import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a served provider does with one request. */
export type Behaviour = (request: ServedRequest, response: ServerResponse) => void;

export interface ServedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ModelServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ServedRequest[];
}

/** A model service on a free loopback port that behaves as told, the n-th request by the n-th behaviour, the last one for all others. */
export async function startModelServer(...behaviours: readonly Behaviour[]): Promise<ModelServer> {
  const requests: ServedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = {
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      const behaviour = behaviours[Math.min(requests.length, behaviours.length - 1)];
      requests.push(request);
      behaviour?.(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // safety: a server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with `body`, as JSON unless said. */
export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** Wraps the model's text as each protocol does. The usage is 100 tokens in, 20 out. */
export const wire = {
  primary: (text: string) => ({
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: text } }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  }),
  fallback: (text: string) => ({
    candidates: [{ index: 0, finishReason: "STOP", content: { role: "model", parts: [{ text }] } }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
  }),
} as const;
