import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { logLines, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { appendEvents } from "./append-events.ts";
import { connectDatabase } from "./connect-database.ts";
import { readEventsWithin } from "./read-events.ts";
import { readJob } from "./read-job.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

test("what readers ask for again and again is prepared once for a connection, and answered as before", async () => {
  const fence = await storeRunningJob(database.sql);
  await appendEvents(database.sql, fence, 2, logLines("a", "b", "c"), {});
  const own = connectDatabase({ url: database.url, maxConnections: 2, applicationName: "reader" });
  const seen = async (after: number) =>
    (await readEventsWithin(own.orm, fence.jobId, { after, limit: 2, bytes: 1_000 })).map(({ seq }) => seq);
  expect([await seen(0), await seen(2), await seen(4), await seen(5)]).toEqual([[1, 2], [3, 4], [5], []]);
  for (let count = 0; count < 3; count += 1) {
    const job = await readJob(own.orm, fence.jobId);
    expect(job).toMatchObject({ id: fence.jobId, createdAt: expect.any(Date), lastSeq: 5 });
  }
  const kept = await own.orm.execute<{ statement: string }>(
    sql`SELECT statement FROM pg_prepared_statements ORDER BY statement`,
  );
  expect(kept.filter(({ statement }) => statement.includes('from "jobs"'))).toHaveLength(1);
  expect(kept.filter(({ statement }) => statement.includes('from "job_events"'))).toHaveLength(1);
  await own.close();
});
