import { afterAll, beforeAll, expect, test } from "vitest";
import { printLines, startJob, storeJob } from "../../../../tests/support/job-states.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { readEvents, readEventsWithin } from "./read-events.ts";

let database: TestDatabase;
let jobId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  jobId = await storeJob(database.sql);
  const fence = await startJob(database.sql, jobId);
  await printLines(database.sql, fence, ["a", "b".repeat(900), "é".repeat(100), "c", "d".repeat(5_000), "e"]);
});
afterAll(() => database.remove());

const read = async (after: number, bytes: number, limit = 100) =>
  (await readEventsWithin(database.orm, jobId, { after, limit, bytes })).map(({ seq }) => seq);

test("a page ends with the line that reaches its bytes, and the next one goes on behind it", async () => {
  // Two states come first.
  expect(await read(0, 1_000)).toEqual([1, 2, 3, 4, 5]);
  expect(await read(5, 1_000)).toEqual([6, 7]);
  expect(await read(7, 1_000)).toEqual([8]);
  expect(await read(8, 1_000)).toEqual([]);
});

test("a page has one event at least, and no more than its limit", async () => {
  expect(await read(6, 1)).toEqual([7]);
  expect(await read(0, 1_000_000, 3)).toEqual([1, 2, 3]);
});

test("a page within bytes has its events as any other", async () => {
  expect(await readEventsWithin(database.orm, jobId, { after: 0, limit: 100, bytes: 1_000_000 })).toEqual(
    await readEvents(database.orm, jobId, { after: 0, limit: 100 }),
  );
});
