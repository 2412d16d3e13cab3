import type { NewEvent } from "@longshore/shared/contracts/event";
import type { LogStream } from "@longshore/shared/contracts/log-line";
import { appendEvents } from "@longshore/shared/db/append-events";
import type { JobRecord } from "@longshore/shared/db/job-record";
import { type EventPage, readEventsWithin } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { endStoredJob, logLines, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { type ReadEvents, readLogPage } from "./read-log-page.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

const lines = 6_000;
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

let job: JobRecord;
beforeAll(async () => {
  const fence = await storeRunningJob(database.sql);
  let base = 2;
  const append = async (events: readonly NewEvent[]) => {
    const stored = await appendEvents(database.sql, fence, base, events, {});
    if (!stored.ok) throw new Error(stored.failure);
    base = stored.value;
  };
  for (let from = 1; from <= lines; from += 1_000) await append(logLines(...numbers(from, from + 999)));
  await append(logLines("killed").map((line) => ({ ...line, stream: "system" }) as NewEvent));
  await endStoredJob(database.sql, fence, "succeeded");
  const ended = await readJob(database.orm, fence.jobId);
  if (ended === null) throw new Error("the job is not there");
  job = ended;
});

let asked: EventPage[];
beforeEach(() => {
  asked = [];
});
const readEvents: ReadEvents = (jobId, page, only) => {
  asked.push(page);
  return readEventsWithin(database.orm, jobId, page, only);
};
const read = (after: number, limit: number, streams: readonly LogStream[]) =>
  readLogPage({ readEvents }, job, { after, limit, streams });

test("a page looks no further than it gives lines, however many are behind it", async () => {
  const { rows, following, complete } = await read(0, 1_000, ["stdout", "stderr"]);
  expect(rows.map(({ text }) => text)).toEqual(numbers(1, 1_000));
  expect([following?.text, complete]).toEqual(["1001", false]);
  for (const { after, upTo = Infinity } of asked) expect(upTo - after).toBeLessThanOrEqual(500);
  expect(asked.length).toBeLessThan(6);
});

test("a stream that has one line behind thousands of others is looked for in longer and longer stretches", async () => {
  const { rows, complete } = await read(0, 10, ["system"]);
  expect(rows.map(({ text }) => text)).toEqual(["killed"]);
  expect(complete).toBe(true);
  for (const [at, { after }] of asked.slice(1).entries()) expect(after).toBe(asked[at]?.upTo);
  expect(asked.length).toBeLessThan(6);
});

test("read page by page a log is whole, and the last page says so", async () => {
  const texts: (string | null)[] = [];
  for (let [after, isLast] = [0, false]; !isLast;) {
    const page = await read(after, 700, ["stdout", "stderr", "system"]);
    texts.push(...page.rows.map(({ text }) => text));
    [after, isLast] = [page.nextAfter, page.complete];
  }
  expect(texts).toEqual([...numbers(1, lines), "killed"]);
});
