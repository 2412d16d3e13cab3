import { appendEvents } from "@longshore/shared/db/append-events";
import type { Fence } from "@longshore/shared/db/fence";
import { readEventsWithin } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { expect, test } from "vitest";
import { logLines, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import type { ReadEvents } from "../use-cases/read-log-page.ts";
import { createEventSignals } from "./event-signals.ts";
import { followEvents } from "./follow-events.ts";
import { createPageRoom, pageRoomBounds } from "./page-room.ts";
import { shareReads } from "./share-reads.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

const readers = 200;
const batches = 5;
const linesPerBatch = 4;
const soon = { timeout: 20_000 };

/** Readers of one Job in one process, and how many queries they have cost together. */
async function follow({ jobId }: Fence, stop: AbortSignal) {
  let queries = 0;
  const counted: ReadEvents = (id, page, only) => {
    queries += 1;
    return readEventsWithin(database.orm, id, page, only);
  };
  const signals = createEventSignals();
  const deps = {
    ...{ signals, readEvents: shareReads(counted), pageRoom: createPageRoom(pageRoomBounds) },
    readJob: () => readJob(database.orm, jobId),
    observeLag: () => undefined,
  };
  const job = await readJob(database.orm, jobId);
  if (job === null) throw new Error("there is no such job");
  const seen = Array.from({ length: readers }, (): number[] => []);
  const ends = seen.map(async (ids) => {
    for await (const text of followEvents(deps, job, 0, stop))
      for (const [, id] of text.matchAll(/^id: (\d+)$/gm)) ids.push(Number(id));
  });
  return { signals, seen, queries: () => queries, ended: () => Promise.all(ends) };
}

test("new lines cost no query for each of those that follow the job, and each of them sees every line once", async () => {
  const fence = await storeRunningJob(database.sql);
  const stop = new AbortController();
  const followers = await follow(fence, stop.signal);
  const untilAllSaw = async (last: number) =>
    expect.poll(() => followers.seen.every((ids) => ids.at(-1) === last), soon).toBe(true);
  await untilAllSaw(2);
  const before = followers.queries();
  let last = 2;
  for (let batch = 0; batch < batches; batch += 1) {
    const lines = logLines(
      ...Array.from({ length: linesPerBatch }, (_, n) => `${String(batch)} ${String(n)}`),
    );
    const stored = await appendEvents(database.sql, fence, last, lines, {});
    if (!stored.ok) throw new Error(stored.failure);
    last = stored.value;
    followers.signals.tell(fence.jobId);
    await untilAllSaw(last);
  }
  // A query for each reader would be as many for each batch. How many it is depends on how long this takes: each looks by
  // itself now and then, too, all at the same time.
  expect(followers.queries() - before).toBeLessThan(readers);
  stop.abort();
  await followers.ended();
  const all = Array.from({ length: last }, (_, n) => n + 1);
  for (const ids of followers.seen) expect(ids).toEqual(all);
});

test("an answer is never older than its question", async () => {
  const answers: ((rows: []) => void)[] = [];
  const read = shareReads(() => {
    const { promise, resolve } = Promise.withResolvers<[]>();
    answers.push(resolve);
    return promise;
  });
  const page = { after: 0, limit: 10, bytes: 100 };
  const first = [read("job", page), read("job", page)];
  await expect.poll(() => answers.length).toBe(1);
  const later = [read("job", page), read("job", page), read("other job", page)];
  await expect.poll(() => answers.length).toBe(2);
  answers[0]?.([]);
  await Promise.all(first);
  await expect.poll(() => answers.length).toBe(3);
  for (const answer of answers) answer([]);
  expect(await Promise.all(later)).toEqual([[], [], []]);
});
