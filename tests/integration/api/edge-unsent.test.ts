import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printLines, startJob, storeJob } from "../../support/job-states.ts";

const maxUnsentBytes = 4 * 1_024 * 1_024;
const answersAsked = 14;
const answersTaken = 5;
const page = { lines: 60, characters: 16_000 };

let http: RawHttp;
let ask: string;
beforeAll(async () => {
  http = await startRawHttp({ bounds: { maxUnsentBytes } });
  const job = await storeJob(http.api.database.sql);
  const fence = await startJob(http.api.database.sql, job);
  await printLines(http.api.database.sql, fence, Array<string>(page.lines).fill("x".repeat(page.characters)));
  ask = `GET /logs/${job} HTTP/1.1\r\nHost: localhost\r\n`;
});
afterAll(() => http.remove());

/** One who asks for megabytes at once, more than the kernel takes for it, and takes nothing. */
async function stall() {
  const socket = http.open();
  // From the beginning: it may be given up before anybody asks.
  const closed = once(socket, "close");
  socket.write(`${ask}\r\n`.repeat(answersAsked));
  await once(socket, "readable");
  return {
    /** Takes all that still comes, and gives how many answers those were. */
    answers: async () => {
      let answers = 0;
      socket.on("data", (chunk: Buffer) => (answers += statusesIn(chunk.toString("latin1")).length));
      await closed;
      return answers;
    },
  };
}

test("answers that nobody takes are given up, those that have waited longest first, and who reads is served", async () => {
  const stalled = [await stall(), await stall(), await stall(), await stall()];
  // Long after each of them: the room is theirs, and is made.
  for (let count = 0; count < answersTaken; count += 1) {
    const answer = await http.exchange(`${ask}Connection: close\r\n\r\n`);
    expect(statusesIn(answer)).toEqual([200]);
    expect(answer.length).toBeGreaterThan(page.lines * page.characters);
  }
  for (const { answers } of stalled.slice(0, 2)) expect(await answers()).toBeLessThan(answersAsked);
});
