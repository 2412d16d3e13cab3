import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";

let http: RawHttp;
beforeAll(async () => {
  http = await startRawHttp();
});
afterAll(() => http.remove());

const ask = (method: string, path: string) =>
  http.exchange(
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
const headerIn = (answer: string, name: string) =>
  new RegExp(`^${name}: ([^\\r]*)\\r$`, "im").exec(answer)?.[1];
const bodyIn = (answer: string) => answer.slice(answer.indexOf("\r\n\r\n") + 4);

const named: Readonly<Record<string, string>> = {
  "{id}": "0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87",
  "{path}": "a/b.txt",
  "{key}": "lsk_aaaaaaaa",
  "{name}": "acme",
};
const strange = ["TRACE", "PUT", "PATCH", "OPTIONS", "PROPFIND", "MKCOL", "SEARCH", "QUERY", "LINK", "PURGE"];

describe("a method that a path does not take is 405 and told what it does take:", () => {
  test.each(strange)("%s", async (method) => {
    const document = await answerJson(http.api.app.request("/openapi.json"));
    const paths = Object.entries(document["paths"] ?? {});
    expect(paths.length).toBeGreaterThan(8);
    for (const [path, operations] of paths) {
      const known = Object.keys(operations).map((name) => name.toUpperCase());
      if (known.includes(method)) continue;
      const answer = await ask(
        method,
        path.replaceAll(/\{\w+\}/g, (name) => named[name] ?? ""),
      );
      expect(statusesIn(answer)).toEqual([405]);
      const heads = known.includes("GET") ? ["HEAD"] : [];
      expect(headerIn(answer, "Allow")?.split(", ")).toEqual([...known, ...heads].toSorted());
    }
  });
});

test("TRACE gives nothing of the request back", async () => {
  const answer = await http.exchange(
    "TRACE / HTTP/1.1\r\nHost: localhost\r\nCookie: secret\r\nAuthorization: secret\r\nConnection: close\r\n\r\n",
  );
  expect(statusesIn(answer)).toEqual([405]);
  expect(answer).not.toContain("secret");
});

test.each(["get", "GETX", "G T", "FROB", "", "\0"])("a method %j that is none is 400", async (method) => {
  expect(statusesIn(await ask(method, "/health"))).toEqual([400]);
});

test("CONNECT is 400: this is no proxy", async () => {
  const answer = await http.exchange("CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(statusesIn(answer)).toEqual([400]);
});

// An error that nobody listens for ends the process; vitest fails the file for it.
test("a CONNECT whose client resets the connection harms nobody, and neither does one behind an answer", async () => {
  const bytes = "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n";
  for (let count = 0; count < 20; count += 1) {
    const socket = http.open();
    socket.write(bytes, () => socket.resetAndDestroy());
    await once(socket, "close");
  }
  await http.exchange(`GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n${bytes}`);
  expect(statusesIn(await http.exchange(bytes))).toEqual([400]);
});

test("an upgrade is not taken up: the answer is that of a plain request", async () => {
  for (const protocol of ["websocket", "h2c", "TLS/1.0"]) {
    const answer = await http.exchange(
      `GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`,
    );
    expect(statusesIn(answer)).toEqual([200]);
  }
});

test.each([
  "/",
  "/health",
  "/ready",
  "/metrics",
  "/jobs",
  "/openapi.json",
  "/docs",
  "/ui",
  "/nowhere",
  "/status/1",
])("HEAD of %s has the status and the headers of GET, and no body", async (path) => {
  const [get, head] = [await ask("GET", path), await ask("HEAD", path)];
  expect(statusesIn(head)).toEqual(statusesIn(get));
  expect(headerIn(head, "Content-Type")).toBe(headerIn(get, "Content-Type"));
  expect(bodyIn(head)).toBe("");
});
