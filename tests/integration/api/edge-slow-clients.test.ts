import { readAll, type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { once } from "node:events";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

// As those of the service, and shorter; not so short that a client that means well fails them on a busy machine.
const bounds = {
  ...{ headersMs: 2_000, requestMs: 3_000, idleMs: 1_000, stalledMs: 5_000, checkMs: 100 },
  maxConnections: 24,
};
const byteMs = 50;

let http: RawHttp;
beforeAll(async () => {
  http = await startRawHttp({ bounds });
});
afterAll(() => http.remove());

/** Sends the head, and then a piece now and then, for ever: each alone is no reason to give up on the client. */
function drip(head: string, piece: string): Socket {
  const socket = http.open();
  socket.write(head);
  const drop = setInterval(() => socket.writable && socket.write(piece), byteMs);
  socket.once("close", () => clearInterval(drop));
  return socket;
}

const ask = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const served = async () => statusesIn(await http.exchange(ask));
const postHead = "POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

describe.concurrent("a client is given up that", () => {
  test.each<[what: string, head: string, piece: string]>([
    ["sends headers without end, one by one", "GET /health HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n"],
    ["sends a request line a character at a time", "GET /", "x"],
    ["sends a header a character at a time", "GET /health HTTP/1.1\r\nX-A: ", "x"],
    ["sends a body a byte at a time", `${postHead}Content-Length: 1000000\r\n\r\n{`, " "],
    ["sends a body in chunks of a byte", `${postHead}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n \r\n"],
    ["sends a chunk's head and nothing of it", `${postHead}Transfer-Encoding: chunked\r\n\r\nffff\r\n`, ""],
    ["sends chunk extensions without end", `${postHead}Transfer-Encoding: chunked\r\n\r\n1;`, "x"],
    ["declares a body and sends none", `${postHead}Content-Length: 10\r\n\r\n`, ""],
  ])("%s, with a 408, while others are served", async (_, head, piece) => {
    const slow = readAll(drip(head, piece));
    expect(await served()).toEqual([200]);
    const answer = await slow;
    // Who sends on into a connection that is closed may lose the answer: TCP then drops what was not read yet.
    if (piece === "" || answer !== "") {
      expect(statusesIn(answer)).toEqual([408]);
      expect(answer).toContain('"code":"request_timeout"');
    }
    expect(await served()).toEqual([200]);
  });

  test("connects and sends nothing, without an answer or with a 408", async () => {
    expect([[], [408]]).toContainEqual(statusesIn(await readAll(http.open())));
  });

  test("has had its answer and asks nothing more", async () => {
    const began = performance.now();
    expect(statusesIn(await http.exchange("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))).toEqual([200]);
    expect(performance.now() - began).toBeGreaterThan(bounds.idleMs);
  });

  test("asks for a page that takes no body, and goes on sending one", async () => {
    const head = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n";
    const answer = await readAll(drip(head, "x".repeat(1_000)));
    expect(statusesIn(answer)[0]).toBe(404);
  });
});

const hasRoom = async () => (await served()).includes(200);

test("connections over the bound are closed at once, and room comes with the first that goes", async () => {
  const held = Array.from({ length: bounds.maxConnections }, () => http.open());
  for (const socket of held) socket.write("GET /health HTTP/1.1\r\n");
  await Promise.all(held.map((socket) => once(socket, "connect")));
  await expect.poll(hasRoom, { timeout: 10_000 }).toBe(false);
  for (const socket of held) socket.destroy();
  await expect.poll(hasRoom, { timeout: 10_000 }).toBe(true);
});

test("a reader that takes nothing of a large answer is given up, and its connection is free again", async () => {
  const own = await startRawHttp({
    bounds: { ...bounds, stalledMs: 60_000, untakenMs: 2_000, maxConnections: 1 },
  });
  onTestFinished(own.remove);
  const reader = own.open();
  // More than the kernel takes for a reader that takes nothing.
  reader.write("GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20));
  await once(reader, "readable");
  expect(await own.exchange(ask)).toBe("");
  await expect.poll(() => own.exchange(ask), { timeout: 20_000 }).toContain("200 OK");
  reader.destroy();
});

test("none of them is a fault of ours", () => {
  expect(http.api.logged.filter((line) => /"level":"(?:warn|error|fatal)"/.test(line))).toEqual([]);
});
