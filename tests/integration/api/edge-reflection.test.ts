import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let http: RawHttp;
beforeAll(async () => {
  http = await startRawHttp();
});
afterAll(() => http.remove());

const script = "<script>alert(1)</script>";
const inPath = encodeURIComponent(script);
const id = "0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87";
const post = (body: string, headers = "") =>
  `POST /schedule HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}` +
  `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
const get = (path: string, headers = "") =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\n${headers}\r\n`;

const withScript: readonly [where: string, request: string][] = [
  ["a path", get(`/${inPath}`)],
  ["an id", get(`/status/${inPath}`)],
  ["a query's name", get(`/jobs?${inPath}=1`)],
  ["a query's value", get(`/jobs?status=${inPath}`)],
  ["a label's name", get(`/jobs?metadata.${inPath}=a&metadata.${inPath}=b`)],
  ["a cursor", get(`/jobs?cursor=${inPath}`)],
  ["a format", get(`/logs/${id}?format=${inPath}`)],
  ["a field's name", post(JSON.stringify({ prompt: "x", [script]: 1 }))],
  ["a variable's name", post(JSON.stringify({ prompt: "x", env: { [script]: "" } }))],
  ["a step's kind", post(JSON.stringify({ steps: [{ kind: script }] }))],
  ["a body that is no JSON", post(`{"prompt":${script}`)],
  ["an Idempotency-Key", post('{"prompt":"x"}', `Idempotency-Key: ${script} \t.\r\n`)],
  ["a request id", get("/nowhere", `X-Request-Id: ${script}\r\n`)],
  ["a method", `${script} / HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ["a Host", `GET / HTTP/1.1\r\nHost: ${script}\r\n\r\n`],
];

describe("no browser can take for a page what was sent in", () => {
  test.each(withScript)("%s", async (_, request) => {
    const answer = await http.exchange(request);
    expect(statusesIn(answer)[0]).toBeGreaterThanOrEqual(400);
    expect(answer).toMatch(/^content-type: application\/problem\+json\r$/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
    const body = answer.slice(answer.indexOf("\r\n\r\n"));
    expect(body).not.toContain("<");
  });
});

test("what a job says of itself is never served as a page", async () => {
  const stored = await http.exchange(post(JSON.stringify({ prompt: script, metadata: { a: script } })));
  expect(statusesIn(stored)).toEqual([202]);
  const job = /"job_id":"([^"]+)"/.exec(stored)?.[1] ?? "";
  for (const path of [`/status/${job}`, "/jobs", `/logs/${job}`, `/logs/${job}?format=text`]) {
    const answer = await http.exchange(get(path));
    expect(statusesIn(answer)).toEqual([200]);
    expect(answer).toMatch(/^content-type: (?:application\/json|text\/plain; charset=utf-8)\r$/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect(answer).toMatch(/^content-security-policy: default-src 'none'/im);
  }
});

const controls = ["\x1b[2J", "\x07", "\x7f", "\u009b31m", "\u202e", "\u2028", "\ufeff"];
const forged = `x","level":"fatal","msg":"forged`;

test("nothing that was sent in reaches the log as more than one line of visible characters", async () => {
  for (const text of [...controls, forged, "a\r\n{}"]) {
    const encoded = encodeURIComponent(text);
    const bytes = Buffer.from(text)
      .toString("latin1")
      .replaceAll(/[\r\n]/g, "");
    await http.exchange(get(`/${encoded}`));
    await http.exchange(get(`/status/${encoded}?${encoded}=${encoded}`));
    await http.exchange(
      Buffer.from(get("/health", `X-Request-Id: ${bytes}\r\nUser-Agent: ${bytes}\r\n`), "latin1"),
    );
    await http.exchange(Buffer.from(post('{"prompt":"x"}', `Idempotency-Key: ${bytes}\r\n`), "latin1"));
    await http.exchange(post(JSON.stringify({ prompt: text, [text]: text, metadata: { [text]: text } })));
    await http.exchange(`DELETE /jobs/${encoded} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  }
  const { logged } = http.api;
  expect(logged.length).toBeGreaterThan(50);
  for (const line of logged) {
    expect(line).toMatch(/^\{[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\}\n$/u);
    expect(JSON.parse(line)).not.toMatchObject({ msg: "forged" });
  }
});
