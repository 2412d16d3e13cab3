import { expect, test } from "vitest";
import { someArchive, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase } from "../../../../tests/support/test-database.ts";
import { noTimings } from "../contracts/job-view.ts";
import type { SettledEnd } from "../contracts/settled-end.ts";
import { noteStoredEnd, settleEnd } from "./settle-end.ts";

test("a statement that settles the end a second time, late, changes nothing of an end that is noted with its archive", async () => {
  const database = await createTestDatabase();
  const { sql } = database;
  try {
    const fence = await storeRunningJob(sql);
    const wanted = { status: "succeeded", failure: null } as const;
    const settled = await settleEnd(sql, fence, wanted);
    if (!settled.ok) throw new Error(settled.failure);
    const { finishedAt } = settled.value;
    const stored = { archive: someArchive, finishedAt: finishedAt.toISOString(), timings: noTimings };
    const end: SettledEnd = { ...wanted, stored };
    expect(await noteStoredEnd(sql, fence, end)).toEqual({ ok: true, value: undefined });
    for (const late of [wanted, { status: "cancelled", failure: null } as const])
      expect(await settleEnd(sql, fence, late)).toEqual({ ok: false, failure: "lease_lost" });
    const [row] = await sql<{ settled: SettledEnd }[]>`SELECT settled FROM jobs WHERE id = ${fence.jobId}`;
    expect(row?.settled).toEqual(end);
  } finally {
    await database.remove();
  }
});
