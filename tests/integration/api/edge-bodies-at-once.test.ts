import { type RawHttp, readAll, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeKey } from "../../support/test-keys.ts";

const kib = 1_024;
const bodyBounds = { perCaller: 300 * kib, overall: 500 * kib };

let http: RawHttp;
let keys: Readonly<Record<"one" | "two", string>>;
beforeAll(async () => {
  http = await startRawHttp({ parts: { bodyBounds } });
  const { sql } = http.api.database;
  keys = {
    one: (await makeKey(sql, "acme", ["jobs:write"])).key,
    two: (await makeKey(sql, "rival", ["jobs:write"])).key,
  };
});
afterAll(() => http.remove());

const headOf = (key: string, bytes: number) =>
  `POST /schedule HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\n` +
  `Connection: close\r\nContent-Length: ${String(bytes)}\r\n\r\n`;

/** Sends all of a body but its last byte, which `end` sends. */
async function begin(key: string, bytes: number) {
  const socket = http.open();
  const answer = readAll(socket);
  await new Promise((resolve) =>
    socket.write(headOf(key, bytes) + `{"prompt":"${" ".repeat(bytes - 14)}x"`, resolve),
  );
  return { answer, end: () => socket.write("}"), leave: () => socket.destroy() };
}

/** Sends a small one, and gives the status of the answer and what it says. */
async function ask(key: string) {
  const body = `{"prompt":"${"x".repeat(90 * kib)}"}`;
  const answer = await http.exchange(headOf(key, body.length) + body);
  return { answer, status: statusesIn(answer)[0] };
}

test("the bodies that one caller sends at once, and those of all together, are bounded, and one that is answered makes room", async () => {
  const [first, second] = [await begin(keys.one, 140 * kib), await begin(keys.one, 140 * kib)];
  // What is on its way has come once a third has no room.
  await expect.poll(async () => (await ask(keys.one)).status, { timeout: 60_000 }).toBe(429);
  const refused = await ask(keys.one);
  expect(refused.answer).toMatch(/^retry-after: \d+\r$/im);
  expect(refused.answer).toContain('"code":"too_much_at_once"');
  expect((await ask(keys.two)).status).toBe(202);

  const third = await begin(keys.two, 140 * kib);
  await expect.poll(async () => (await ask(keys.two)).status, { timeout: 60_000 }).toBe(503);
  expect((await ask(keys.two)).answer).toContain('"code":"bodies_full"');

  first.end();
  expect(statusesIn(await first.answer)).toEqual([202]);
  second.leave();
  await expect.poll(async () => (await ask(keys.one)).status, { timeout: 60_000 }).toBe(202);
  third.leave();
});
