// A thread of its own: what stands for a host on the internet must not share the worker's.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { parentPort } from "node:worker_threads";
import { testCertificate, testKey } from "../../egress/certificates.fixture.ts";
import { listen } from "../../egress/egress-bench.ts";

/** Where it listens, on the loopback; `bytes` come for GET /bytes. */
export interface FarHostPorts {
  readonly http: number;
  readonly https: number;
}

const piece = Buffer.alloc(256 * 1_024, "far away ");

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "GET") {
    request.resume().once("end", () => response.end());
    return;
  }
  let left = Number((request.url ?? "/").slice(1));
  response.setHeader("Content-Length", left);
  const more = (): void => {
    while (left > 0) {
      const some = piece.subarray(0, left);
      left -= some.length;
      if (!response.write(some)) return;
    }
    response.end();
  };
  response.on("drain", more);
  more();
}

const http = await listen(createServer(answer));
const https = await listen(createTlsServer({ key: testKey, cert: testCertificate }, answer));
parentPort?.postMessage({ http, https } satisfies FarHostPorts);
