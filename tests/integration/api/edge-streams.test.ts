import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeJob } from "../../support/job-states.ts";

const bounds = { perCaller: 3, overall: 5 };

let http: RawHttp;
let job: string;
beforeAll(async () => {
  http = await startRawHttp({ parts: { streamBounds: bounds } });
  job = await storeJob(http.api.database.sql);
});
afterAll(() => http.remove());

/** One who follows the job from a loopback address of his own; what it gives ends once he is let in or refused. */
async function follow(localAddress: string) {
  const socket = http.open(localAddress);
  let answer = "";
  socket.write(`GET /events/${job} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    answer += String(chunk);
    if (answer.includes("retry: ") || answer.includes('"code"')) break;
  }
  return { answer, status: statusesIn(answer)[0], leave: () => socket.destroy() };
}

test("a caller, and all together, follow no more jobs at once than they may, and one who leaves makes room", async () => {
  const first = [await follow("127.0.0.1"), await follow("127.0.0.1"), await follow("127.0.0.1")];
  expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);

  const fourth = await follow("127.0.0.1");
  expect(fourth.status).toBe(429);
  expect(fourth.answer).toMatch(/^retry-after: \d+\r$/im);
  expect(fourth.answer).toContain('"code":"too_many_streams"');

  const others = [await follow("127.0.0.2"), await follow("127.0.0.3")];
  expect(others.map(({ status }) => status)).toEqual([200, 200]);
  const sixth = await follow("127.0.0.4");
  expect(sixth.status).toBe(503);
  expect(sixth.answer).toMatch(/^retry-after: \d+\r$/im);
  expect(sixth.answer).toContain('"code":"streams_full"');

  first[0]?.leave();
  const again = async () => {
    const { status, leave } = await follow("127.0.0.4");
    leave();
    return status;
  };
  await expect.poll(again, { timeout: 10_000 }).toBe(200);
  for (const { leave } of [...first, fourth, ...others, sixth]) leave();
});

test("asking for the head of a stream takes no place", async () => {
  const head = `HEAD /events/${job} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
  for (let count = 0; count < 10; count += 1) expect(statusesIn(await http.exchange(head))).toEqual([200]);
});

test("a stream of a job that is not there takes no place", async () => {
  const ask = `GET /events/0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
  for (let count = 0; count < 10; count += 1) expect(statusesIn(await http.exchange(ask))).toEqual([404]);
});

test("one who comes and goes a hundred times leaves nothing behind", async () => {
  for (let count = 0; count < 100; count += 1) {
    const socket = http.open("127.0.0.5");
    socket.write(`GET /events/${job} HTTP/1.1\r\nHost: localhost\r\n\r\n`, () => socket.destroy());
    await new Promise((resolve) => socket.once("close", resolve));
  }
  const again = async () => {
    const { status, leave } = await follow("127.0.0.5");
    leave();
    return status;
  };
  await expect.poll(again, { timeout: 10_000 }).toBe(200);
});
