import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storeJob } from "../../support/job-states.ts";

let http: RawHttp;
beforeAll(async () => {
  http = await startRawHttp();
});
afterAll(() => http.remove());

const body = '{"prompt":"x"}';
const chunked = `e\r\n${body}\r\n0\r\n\r\n`;
/** What an attacker wants to be read as a request of its own. */
const second = "POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
const post = (headers: string, rest: string) =>
  `POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n${rest}${second}`;
const withLength = (value: string) => post(`Content-Length: ${value}\r\n`, body);
const withCoding = (value: string) => post(`Transfer-Encoding: ${value}\r\n`, chunked);
const get = (rest: string) => `GET /health HTTP/1.1\r\n${rest}`;

// Where a proxy and this server could see the end of a request at different places, there is no request.
describe("smuggling by", () => {
  test.each<[what: string, bytes: string]>([
    [
      "Content-Length before Transfer-Encoding",
      post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked),
    ],
    [
      "Transfer-Encoding before Content-Length",
      post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunked),
    ],
    ["two lengths", post("Content-Length: 14\r\nContent-Length: 15\r\n", body)],
    ["the same length twice", post("Content-Length: 14\r\nContent-Length: 14\r\n", body)],
    ["a list of lengths", withLength("14, 14")],
    ["a length with a sign", withLength("+14")],
    ["a negative length", withLength("-14")],
    ["a length in hexadecimal", withLength("0x0e")],
    ["a length with a space in it", withLength("1 4")],
    ["a length with a fraction", withLength("14.0")],
    ["an empty length", withLength("")],
    ["a length beyond all numbers", withLength("99999999999999999999")],
    ["an unknown coding", withCoding("xchunked")],
    ["a coding after chunked", withCoding("chunked, identity")],
    ["the coding identity", withCoding("identity")],
    ["a coding before chunked", withCoding("gzip")],
    ["chunked in quotes", withCoding('"chunked"')],
    ["an empty coding", withCoding("")],
    ["two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunked)],
    ["a space before the colon", post("Transfer-Encoding : chunked\r\n", chunked)],
    ["a folded header", post(`X-A: b\r\n c: d\r\nContent-Length: 14\r\n`, body)],
    ["a folded coding", post("Transfer-Encoding:\r\n chunked\r\n", chunked)],
    ["a header line that begins with a space", get(" Host: localhost\r\n\r\n")],
    ["lines that end in LF", "GET /health HTTP/1.1\nHost: localhost\n\n"],
    ["one header line that ends in LF", get("Host: localhost\nX-A: b\r\n\r\n")],
    ["one header line that ends in CR", get("Host: localhost\rX-A: b\r\n\r\n")],
    ["NUL in a header", get("Host: localhost\r\nX-A: b\0c\r\n\r\n")],
    ["a space in a header's name", get("Host: localhost\r\nX A: b\r\n\r\n")],
    ["a header without a name", get("Host: localhost\r\n: b\r\n\r\n")],
    ["a header without a colon", get("Host: localhost\r\nX-A\r\n\r\n")],
    ["a negative chunk", post("Transfer-Encoding: chunked\r\n", `-e\r\n${body}\r\n0\r\n\r\n`)],
    ["a chunk size with 0x", post("Transfer-Encoding: chunked\r\n", `0xe\r\n${body}\r\n0\r\n\r\n`)],
    [
      "a chunk size beyond all numbers",
      post("Transfer-Encoding: chunked\r\n", `${"f".repeat(17)}\r\n${body}`),
    ],
    ["a chunk size line that ends in LF", post("Transfer-Encoding: chunked\r\n", `e\n${body}\r\n0\r\n\r\n`)],
    ["a chunk without its line break", post("Transfer-Encoding: chunked\r\n", `e\r\n${body}0\r\n\r\n`)],
    [
      "a chunk extension of 20 KB",
      post("Transfer-Encoding: chunked\r\n", `e;${"x".repeat(20_000)}\r\n${body}\r\n0\r\n\r\n`),
    ],
    [
      "a length in the trailer",
      post("Transfer-Encoding: chunked\r\n", `e\r\n${body}\r\n0\r\nContent-Length: 3\r\n\r\n`),
    ],
    [
      "chunks in HTTP/1.0",
      `POST /schedule HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
    ],
    ["two Hosts", get("Host: localhost\r\nHost: b\r\n\r\n")],
    ["two media types", post("Content-Length: 14\r\nContent-Type: text/plain\r\n", body)],
    ["a Host with a path", get("Host: a/b\r\n\r\n")],
    ["a Host with a user", get("Host: a@b\r\n\r\n")],
    ["an empty Host", get("Host:\r\n\r\n")],
    ["HTTP/0.9", "GET /health\r\n\r\n"],
    ["HTTP/1.2", "GET /health HTTP/1.2\r\nHost: localhost\r\n\r\n"],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ])("%s is one 400, and the end of the connection", async (_, bytes) => {
    const answer = await http.exchange(bytes);
    expect(statusesIn(answer)).toEqual([400]);
    expect(answer).toContain('"code":"bad_http"');
  });

  test("any of these stored nothing", async () => {
    const [row] = await http.api.database.sql`SELECT count(*) FROM jobs`;
    expect(row).toEqual({ count: 0 });
  });
});

test("requests that were sent together are answered in their order", async () => {
  const ask = (path: string, rest = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${rest}\r\n`;
  const answer = await http.exchange(
    ask("/health") + ask("/status/1") + ask("/nowhere") + ask("/health", "Connection: close\r\n"),
  );
  expect(statusesIn(answer)).toEqual([200, 400, 404, 200]);
});

test("a connection on which a hundred requests are sent without waiting is cut", async () => {
  const answer = await http.exchange("GET /jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100));
  expect(statusesIn(answer).length).toBeLessThanOrEqual(32);
});

test("what is no HTTP, sent into an open event stream, does not become a part of it", async () => {
  const { database } = http.api;
  const job = await storeJob(database.sql);
  const socket = http.open();
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString();
    if (answer.includes("event: state")) socket.write("\0\0\0\r\n\r\n");
  });
  socket.write(`GET /events/${job} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await new Promise((resolve) => socket.once("close", resolve));
  expect(statusesIn(answer)).toEqual([200]);
});
