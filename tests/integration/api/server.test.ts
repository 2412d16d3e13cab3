// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, startServer } from "../../../apps/api/src/server.ts";

let api: TestApi;
let server: HttpServer;

beforeAll(async () => {
  api = await createTestApi();
  const started = await startServer(api.app, { host: "127.0.0.1", port: 0 });
  if (!started.ok) throw new Error(started.failure.message);
  server = started.value;
});
afterAll(async () => {
  await server.close(0);
  await api.remove();
});

/** Sends bytes and gives all that comes back until the other side closes. */
const exchange = async (...pieces: readonly (string | Buffer)[]): Promise<string> => {
  const socket = connect(server.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  for (const piece of pieces) socket.write(piece);
  await closed;
  return answer;
};

test.each([
  [
    "headers over 16 KiB",
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
    431,
    "headers_too_large",
  ],
  [
    "a path over 16 KiB",
    `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    431,
    "headers_too_large",
  ],
  ["what is no HTTP", "hello\r\n\r\n", 400, "bad_http"],
  ["an unknown method", "FROB / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_http"],
  ["a request without Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "bad_http"],
  ["a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400, "bad_http"],
])("%s is answered with a problem", async (_, request, status, code) => {
  const answer = await exchange(request);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
  expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
  expect(answer).toContain(`"code":"${code}"`);
});

const chunked =
  "POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

test("a body may come in chunks", async () => {
  const answer = await exchange(chunked, chunk('{"prompt":'), chunk('"é"}'), "0\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 202 /);
});

test("a body in chunks is bounded, too", async () => {
  const piece = chunk("x".repeat(1_048_576));
  const answer = await exchange(chunked, ...Array<string>(33).fill(piece), "0\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toContain('"code":"body_too_large"');
});

test("a client that goes in the middle of its body does no harm, and is no fault of ours", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.end(
    "POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  socket.resume();
  await once(socket, "close");
  expect((await fetch(`http://127.0.0.1:${String(server.port)}/health`)).status).toBe(200);
  expect(api.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test("a port that is taken is told, not thrown", async () => {
  const second = await startServer(api.app, { host: "127.0.0.1", port: server.port });
  expect(second).toMatchObject({ ok: false, failure: { code: "EADDRINUSE" } });
});

test("pages for people load nothing from elsewhere", async () => {
  const docs = await api.app.request("/docs");
  expect(docs.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  const html = await docs.text();
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(addresses.length).toBeGreaterThan(2);
  for (const address of addresses) {
    expect(address).toMatch(/^\/docs\//);
    expect((await api.app.request(address)).status).toBe(200);
  }
});
