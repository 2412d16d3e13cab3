import { type RawHttp, readAll, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BodyRoom, createBodyRoom } from "../../../apps/api/src/middleware/body-room.ts";
import { makeKey } from "../../support/test-keys.ts";

const kib = 1_024;
const room = createBodyRoom({ perCaller: 300 * kib, overall: 500 * kib });
/** How much is held: which of two bodies is refused goes by which comes first. */
let heldBytes = 0;
const watchedRoom: BodyRoom = {
  hold: (caller) => {
    const held = room.hold(caller);
    let mine = 0;
    return {
      add: (bytes) => {
        const added = held.add(bytes);
        if (added.ok) [mine, heldBytes] = [mine + bytes, heldBytes + bytes];
        return added;
      },
      release: () => {
        held.release();
        [mine, heldBytes] = [0, heldBytes - mine];
      },
    };
  },
};

let http: RawHttp;
let keys: Readonly<Record<"one" | "two", string>>;
beforeAll(async () => {
  http = await startRawHttp({ parts: { bodyRoom: watchedRoom } });
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
  const held = (kibibytes: number) => expect.poll(() => heldBytes, { timeout: 20_000 }).toBe(kibibytes * kib);
  // The last byte of each is to come.
  const size = 140 * kib + 1;
  const [first, second] = [await begin(keys.one, size), await begin(keys.one, size)];
  await held(280);
  const refused = await ask(keys.one);
  expect(refused.status).toBe(429);
  expect(refused.answer).toMatch(/^retry-after: \d+\r$/im);
  expect(refused.answer).toContain('"code":"too_much_at_once"');
  expect((await ask(keys.two)).status).toBe(202);

  await held(280);
  const third = await begin(keys.two, size);
  await held(420);
  const full = await ask(keys.two);
  expect(full.status).toBe(503);
  expect(full.answer).toContain('"code":"bodies_full"');

  first.end();
  expect(statusesIn(await first.answer)).toEqual([202]);
  second.leave();
  await held(140);
  expect((await ask(keys.one)).status).toBe(202);
  third.leave();
  await held(0);
}, 60_000);
