import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let http: RawHttp;
beforeAll(async () => {
  http = await startRawHttp();
});
afterAll(() => http.remove());

const url = (path: string) => `http://127.0.0.1:${String(http.port)}${path}`;
const send = (body: string, type = "application/json") =>
  fetch(url("/schedule"), { method: "POST", headers: { "Content-Type": type }, body });

describe("a body is refused before it is parsed", () => {
  test.each<[what: string, body: string, says: RegExp]>([
    ["of 33 levels", `{"prompt":${"[".repeat(32)}1${"]".repeat(32)}}`, /nested deeper than 32/],
    [
      "of a million levels",
      `{"prompt":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`,
      /nested deeper than 32/,
    ],
    [
      "of a million levels of objects",
      `${'{"a":'.repeat(1_000_000)}1${"}".repeat(1_000_000)}`,
      /nested deeper than 32/,
    ],
    ["of ten million entries", `{"steps":[${"1,".repeat(10_000_000)}1]}`, /more than 20000 values/],
    ["of ten million empty objects", `{"files":[${"{},".repeat(10_000_000)}{}]}`, /more than 20000 values/],
    ["of a million variables", `{"env":{${'"a":"",'.repeat(1_000_000)}"a":""}}`, /more than 20000 values/],
  ])("that is %s, whatever it says", async (_, body, says) => {
    const before = process.memoryUsage().heapUsed;
    const response = await send(body);
    expect(response.status).toBe(422);
    expect(JSON.stringify(await response.json())).toMatch(says);
    // Parsed, these are hundreds of megabytes of heap.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });
});

test.each([
  ["brackets", "[".repeat(10_000_000)],
  ["braces", '{"a":'.repeat(1_000_000)],
  ["commas", `[${",".repeat(10_000_000)}`],
])("ten million %s that are never closed are no JSON", async (_, body) => {
  const response = await send(body);
  expect([response.status, await response.json()]).toMatchObject([400, { code: "malformed_json" }]);
});

test.each([
  ["a label of it", (name: string) => `{"prompt":"x","metadata":{"${name}":"${"v".repeat(513)}\\u0000"}}`],
  ["a field of it", (name: string) => `{"prompt":"x","${name}":1}`],
  ["a variable of it", (name: string) => `{"prompt":"x","env":{"${name}":""}}`],
  ["a field above __proto__", (name: string) => `{"${name}":{"__proto__":1}}`],
])(
  "a name that is as long as the body, of what is widest in an answer, is told in part: %s",
  async (_, body) => {
    const response = await send(body(`${"<".repeat(33_000_000)}\\u0000`));
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text.length).toBeLessThan(10_000);
    const named: unknown = expect.objectContaining({
      pointer: expect.stringMatching(/\/<{200}…/) as unknown,
    });
    expect(JSON.parse(text)).toMatchObject({ errors: expect.arrayContaining([named]) as unknown });
  },
);

test("what a body has in its strings is not counted", async () => {
  const command = `echo '${'[{,"'.repeat(50_000)}\\' # ${"\\".repeat(999)}`;
  const body = JSON.stringify({ steps: [{ kind: "shell", command }] });
  expect((await send(body)).status).toBe(202);
});

test("the largest job there is has room in the bounds", async () => {
  const steps = Array.from({ length: 100 }, (_, at) => ({
    ...{ kind: "write_file", name: `n${String(at)}`, path: `p${String(at)}`, content: "", encoding: "utf8" },
    ...{ timeout_seconds: 1, continue_on_error: true },
  }));
  const files = Array.from({ length: 50 }, (_, at) => ({ path: `f${String(at)}`, content: "" }));
  const named = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`K${String(at)}`, "v"]));
  const body = JSON.stringify({ prompt: "x", steps, files, env: named(64), metadata: named(16) });
  expect((await send(body)).status).toBe(202);
});

describe("another media type is 415:", () => {
  test.each([
    "multipart/form-data; boundary=x",
    "multipart/mixed; boundary=x",
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/html",
    "application/xml",
    "application/json; charset=utf-16",
    "application/json, text/plain",
    "application/json+x",
    "application/jsonp",
    "*/*",
    `application/json;${" ".repeat(10_000)}x`,
  ])("%s", async (type) => {
    const response = await send('{"prompt":"x"}', type);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: "unsupported_media_type" });
  });
});

test("a bomb of a thousand nested parts is not looked into", async () => {
  const parts = Array.from(
    { length: 1_000 },
    (_, at) => `--x${String(at)}\r\nContent-Type: multipart/mixed\r\n\r\n`,
  );
  expect((await send(parts.join(""), "multipart/form-data; boundary=x0")).status).toBe(415);
});

const head = "POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

test("a body of a terabyte is refused by what it declares, and its sender is cut off", async () => {
  const answer = await http.exchange(`${head}Content-Length: 1099511627776\r\n\r\n{`);
  expect(statusesIn(answer)).toEqual([413]);
});

describe("Expect", () => {
  test("is answered with 100 for a body that may come", async () => {
    const answer = await http.exchange(
      `${head}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n`,
      '{"prompt":"x"}',
    );
    expect(statusesIn(answer)).toEqual([100, 202]);
  });

  test("is answered without 100 for a body that is too large", async () => {
    const answer = await http.exchange(`${head}Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n`);
    expect(statusesIn(answer)).toEqual([413]);
  });

  test("of anything else is 417", async () => {
    const answer = await http.exchange(`${head}Expect: 200-ok\r\nContent-Length: 14\r\n\r\n`);
    expect(statusesIn(answer)).toEqual([417]);
    expect(answer).toContain('"code":"expectation_failed"');
  });
});

describe("headers", () => {
  test.each<[what: string, headers: string, status: number]>([
    ["of 101", "X-A: b\r\n".repeat(98), 431],
    ["of 4,000 without a value", "a:\r\n".repeat(4_000), 431],
    ["of 20 KB", `X-A: ${"x".repeat(20_000)}\r\n`, 431],
    ["of 20 KB, folded in one name", `${"x".repeat(20_000)}: a\r\n`, 431],
    ["of 100", "X-A: b\r\n".repeat(97), 200],
  ])("%s are answered with the right status", async (_, headers, status) => {
    const answer = await http.exchange(
      `GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-B: c\r\n${headers}\r\n`,
    );
    expect(statusesIn(answer)).toEqual([status]);
    if (status === 431) expect(answer).toContain('"code":"headers_too_large"');
  });
});
