import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newRequest, someArchive, storeJob } from "../../../../tests/support/stored-job.ts";
import { takeLease } from "../../../../tests/support/take-lease.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { noTimings } from "../contracts/job-view.ts";
import {
  isTerminal,
  type JobStatus,
  jobStatuses,
  mayBecome,
  terminalStatuses,
  type TerminalStatus,
} from "../domain/job-state.ts";
import { appendEvents } from "./append-events.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { endJob } from "./end-job.ts";
import { takeExpiredLeases } from "./expired-leases.ts";
import type { Fence } from "./fence.ts";
import type { JobRow } from "./job-record.ts";
import { renewLease } from "./renew-lease.ts";
import { requestCancel } from "./request-cancel.ts";
import { requeueJob } from "./requeue-job.ts";
import { settleEnd } from "./settle-end.ts";

let database: TestDatabase;
/** One connection, whose clock each action sets as it likes. */
let clocked: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  clocked = connectDatabase({ url: database.url, maxConnections: 2, applicationName: "clocked" });
});
afterAll(async () => {
  await clocked.close();
  await database.remove();
});

const leaseSeconds = 15;
const expiry = { leaseSeconds, limit: 5, except: [], engineId: null, otherEngineAfterSeconds: 0 };
const workers = 3;

/** What anybody may do at any time. `clock` is what the database then takes for the time, in units of 10 s. */
const action = fc.record({
  worker: fc.nat(workers - 1),
  clock: fc.nat(12),
  does: fc.constantFrom(
    ...([
      "take",
      "take",
      "expire",
      "expire",
      "renew",
      "append",
      "settle",
      "requeue",
      "end",
      "cancel",
    ] as const),
  ),
  status: fc.constantFrom(...terminalStatuses),
  /** Which of the Leases that it was ever given it believes to have: 0 is the last. */
  stale: fc.nat(2),
});
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

interface Play {
  readonly jobId: string;
  readonly owners: readonly string[];
  /** Every right that was ever given, by worker, the newest first. */
  readonly given: Fence[][];
}

const failureOf = (status: TerminalStatus) =>
  status === "failed" ? { code: "step_failed" as const, message: "exited with 3", step: 1 } : null;

async function act({ jobId, owners, given }: Play, { worker, does, status, stale }: Action): Promise<void> {
  const { sql } = clocked;
  const owner = owners[worker] ?? "";
  const row = await readRow(jobId);
  const fence = given[worker]?.[stale] ?? { jobId, attempt: 1, owner, epoch: 0 };
  if (does === "take") {
    const mine = { jobId, attempt: row.attempt, owner, epoch: 0 };
    if ((await takeLease(sql, mine, { leaseSeconds, engineId: null })) !== null) given[worker]?.unshift(mine);
  } else if (does === "expire") {
    const taken = await takeExpiredLeases(sql, owner, expiry);
    for (const { attempt, leaseEpoch } of taken)
      given[worker]?.unshift({ jobId, attempt, owner, epoch: leaseEpoch });
  } else if (does === "renew") await renewLease(sql, fence, leaseSeconds, 5_000);
  else if (does === "append") await appendEvents(sql, fence, row.lastSeq, [], {});
  else if (does === "settle") {
    // No worker settles a cancel that nobody has asked for: its end would be refused by the table.
    if (status === "cancelled" && row.cancelRequestedAt === null) return;
    await settleEnd(sql, fence, { status, failure: failureOf(status) });
  } else if (does === "requeue")
    await requeueJob(sql, fence, { delayMs: 0, countsAsFailed: true, reason: "lost" });
  else if (does === "cancel") await requestCancel(sql, jobId, 7);
  else {
    await endJob(sql, fence, {
      ...{ status, archive: someArchive, plan: null, timings: noTimings },
      failure: failureOf(status),
      ...{ finishedAt: new Date(), retentionDays: 7 },
    });
  }
}

/** Also after a run that failed: what it left would be in the runs that look for the shortest failure. */
async function emptyTable(): Promise<void> {
  await clocked.sql`TRUNCATE jobs`;
}

async function setClock(tens: number): Promise<void> {
  await clocked.sql`SELECT set_config('longshore.clock_shift', ${`${String(tens * 10)} seconds`}, false)`;
}

async function readRow(jobId: string): Promise<JobRow> {
  const [row] = await clocked.sql<JobRow[]>`SELECT * FROM jobs WHERE id = ${jobId}`;
  if (row === undefined) throw new Error("the job is gone");
  return row;
}

/** The rights by which writes get through now; an empty batch changes nothing. */
async function thatPass({ jobId, given }: Play): Promise<readonly Fence[]> {
  const { lastSeq } = await readRow(jobId);
  const passing: Fence[] = [];
  for (const fence of given.flat())
    if ((await appendEvents(clocked.sql, fence, lastSeq, [], {})).ok) passing.push(fence);
  return passing;
}

/** What must hold of any two rows of a Job that follow each other. */
function expectToGoOn(before: JobRow, after: JobRow): void {
  if (isTerminal(before.status)) {
    expect(after).toEqual(before);
    return;
  }
  expect(after.status === before.status || mayBecome(before.status, after.status)).toBe(true);
  expect(after.attempt - before.attempt).toBe(
    before.status === "running" && after.status === "queued" ? 1 : 0,
  );
  expect(after.lastSeq).toBeGreaterThanOrEqual(before.lastSeq);
  // Each Attempt counts its own changes of hands.
  if (before.status !== "running" || after.status !== "running") return;
  const handsChanged = before.leaseOwner !== after.leaseOwner;
  expect(after.leaseEpoch).toBeGreaterThanOrEqual(before.leaseEpoch + (handsChanged ? 1 : 0));
}

test("whatever workers do, in any order, by any clock: one owner at most writes, epochs only grow, and what has ended stays", async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(action, { minLength: 5, maxLength: 25 }), async (actions) => {
        const jobId = await storeJob(clocked.sql);
        const play = {
          jobId,
          owners: Array.from({ length: workers }, () => randomUUID()),
          given: Array.from({ length: workers }, (): Fence[] => []),
        };
        for (const each of actions) {
          await setClock(each.clock);
          const before = await readRow(jobId);
          await act(play, each);
          const after = await readRow(jobId);
          expectToGoOn(before, after);
          // Of all rights that were ever given, also to the same worker, the last one alone is good for anything.
          const { attempt, leaseOwner: owner, leaseEpoch: epoch } = after;
          expect(await thatPass(play)).toEqual(owner === null ? [] : [{ jobId, attempt, owner, epoch }]);
        }
      })
      .afterEach(emptyTable),
    { numRuns: 40 },
  );
});

test("a Lease is taken from its owner exactly when the database's clock has passed its end, whatever renewals came before", async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(fc.nat(8), { maxLength: 6 }), fc.nat(16), async (renewedAt, takenAt) => {
        const jobId = await storeJob(clocked.sql);
        const owner = randomUUID();
        await setClock(0);
        await takeLease(clocked.sql, { jobId, attempt: 1, owner }, { leaseSeconds, engineId: null });
        for (const at of renewedAt) {
          await setClock(at);
          expect(
            await renewLease(clocked.sql, { jobId, attempt: 1, owner, epoch: 0 }, leaseSeconds, 5_000),
          ).not.toBeNull();
        }
        await setClock(takenAt);
        const taken = await takeExpiredLeases(clocked.sql, randomUUID(), expiry);
        // The last renewal counts, also one by a clock that was set back. Half a unit of 10 s lies between any two times.
        expect(taken.length).toBe(takenAt * 10 > (renewedAt.at(-1) ?? 0) * 10 + leaseSeconds ? 1 : 0);
      })
      .afterEach(emptyTable),
    { numRuns: 40 },
  );
});

test("any walk of a row's status is held to the table of transitions: forbidden moves are refused, and an ended row stays", async () => {
  const move = fc.record({
    to: fc.constantFrom(...jobStatuses),
    attempts: fc.integer({ min: -1, max: 2 }),
    events: fc.integer({ min: -1, max: 2 }),
  });
  const from = fc.constantFrom(...jobStatuses);
  await fc.assert(
    fc.asyncProperty(from, fc.array(move, { maxLength: 8 }), async (start, moves) => {
      const jobId = randomUUID();
      await insertBare(jobId, start);
      let at: JobStatus = start;
      for (const { to, attempts, events } of moves) {
        const allowed =
          !isTerminal(at) && (mayBecome(at, to) || at === to) && [0, 1].includes(attempts) && events >= 0;
        const unchanged = at === to && attempts === 0 && events === 0;
        const code = await clocked.sql`
          UPDATE bare SET status = ${to}, attempt = attempt + ${attempts}::integer, last_seq = last_seq + ${events}::integer
           WHERE id = ${jobId}`.then(
          () => null,
          (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
        );
        expect(code).toBe(allowed || unchanged ? null : "LS001");
        if (code === null) at = to;
      }
    }),
    { numRuns: 80 },
  );
});

/** A row with the table's trigger and without its CHECKs, so that it is the trigger alone that refuses. */
async function insertBare(jobId: string, status: JobStatus): Promise<void> {
  const { sql } = clocked;
  await sql`CREATE TEMPORARY TABLE IF NOT EXISTS bare (LIKE jobs INCLUDING DEFAULTS)`;
  await sql`CREATE OR REPLACE TRIGGER guard BEFORE UPDATE ON bare FOR EACH ROW EXECUTE FUNCTION jobs_guard_transition()`;
  const empty = { max_attempts: 3, metadata: "{}", usage: "{}", timings: "{}", attempt: 5, last_seq: 5 };
  const request = JSON.stringify(newRequest());
  await sql`INSERT INTO bare ${sql({ id: jobId, status, request, ...empty })}`;
}
