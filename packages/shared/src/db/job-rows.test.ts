import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { newJobId } from "../domain/job-id.ts";
import { type JobStatus, jobStatuses, mayBecome } from "../domain/job-state.ts";
import type { Sql } from "./connect-database.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

type Row = Readonly<Record<string, string | number | null>>;

const time = "2026-01-01T00:00:00Z";
const nothing = {
  ...{ node: null, lease_owner: null, lease_until: null, started_at: null, attempt_started_at: null },
  ...{
    finished_at: null,
    expires_at: null,
    expired_at: null,
    events_deleted_at: null,
    failure: null,
    settled_status: null,
  },
  ...{ cancel_requested_at: null, archive_key: null, archive_bytes: null, archive_sha256: null },
  ...{ output_files: null, output_bytes: null },
};
const started = { started_at: time, attempt_started_at: time };
const finished = { finished_at: time, expires_at: "2026-01-08T00:00:00Z" };
const archive = {
  ...{ archive_key: "a.zip", archive_bytes: 1, archive_sha256: "a".repeat(64) },
  ...{ output_files: 0, output_bytes: 0 },
};

/** The smallest row of each status that the table takes. */
const smallest: Record<JobStatus, Row> = {
  queued: { ...nothing, status: "queued" },
  running: { ...nothing, ...started, status: "running", lease_owner: randomUUID(), lease_until: time },
  succeeded: { ...nothing, ...started, ...finished, ...archive, status: "succeeded" },
  failed: { ...nothing, ...started, ...finished, status: "failed", failure: "{}" },
  cancelled: { ...nothing, ...finished, status: "cancelled", cancel_requested_at: time },
};

async function insert(sql: Sql, row: Row): Promise<string> {
  const id = newJobId();
  const given = { id, max_attempts: 3, metadata: "{}", request: "{}", usage: "{}", timings: "{}", ...row };
  await sql`INSERT INTO jobs ${sql(given)}`;
  return id;
}

describe("a Job's status", () => {
  const pairs = jobStatuses.flatMap((from) => jobStatuses.map((to) => ({ from, to })));

  test.each(pairs)("$from → $to: table, trigger and CHECKs agree", async ({ from, to }) => {
    const { sql } = database;
    const id = await insert(sql, smallest[from]);
    const change = sql`UPDATE jobs SET ${sql(smallest[to])} WHERE id = ${id}`.then(
      () => "changed",
      (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
    );
    // A Job may be written without changing its status; one that has ended, only if nothing changes.
    expect(await change).toBe(mayBecome(from, to) || from === to ? "changed" : "LS001");
  });

  test.each([
    ["goes back to an earlier Attempt", { attempt: 1 }],
    ["skips an Attempt", { attempt: 4 }],
    ["loses Events", { last_seq: 4 }],
  ])("never %s", async (_, change: Row) => {
    const { sql } = database;
    const id = await insert(sql, { ...smallest.running, attempt: 2, last_seq: 5 });
    await expect(sql`UPDATE jobs SET ${sql(change)} WHERE id = ${id}`).rejects.toMatchObject({
      code: "LS001",
    });
  });

  test.each(["succeeded", "failed", "cancelled"] as const)(
    "once it is %s lets the Job expire and lose its Events, once, and no more",
    async (status) => {
      const { sql } = database;
      const id = await insert(sql, smallest[status]);
      await sql`UPDATE jobs SET expired_at = ${time} WHERE id = ${id}`;
      for (const expiredAt of [null, "2027-01-01T00:00:00Z"]) {
        await expect(sql`UPDATE jobs SET expired_at = ${expiredAt} WHERE id = ${id}`).rejects.toMatchObject({
          code: "LS001",
        });
      }
      await sql`UPDATE jobs SET events_deleted_at = ${time} WHERE id = ${id}`;
      await expect(sql`UPDATE jobs SET events_deleted_at = NULL WHERE id = ${id}`).rejects.toMatchObject({
        code: "LS001",
      });
    },
  );
});

/** Rows that must not exist: by the CHECK that refuses them, a status' smallest row and what is wrong in it. */
const impossible: readonly (readonly [string, JobStatus, Row])[] = [
  ["jobs_node_check", "running", { node: "nowhere" }],
  ["jobs_attempt_check", "queued", { attempt: 0 }],
  ["jobs_failed_attempts_check", "queued", { failed_attempts: -1 }],
  ["jobs_max_attempts_check", "queued", { max_attempts: 0 }],
  ["jobs_max_attempts_check", "queued", { max_attempts: 11 }],
  ["jobs_settled_status_check", "running", { settled_status: "queued" }],
  ["jobs_last_seq_check", "queued", { last_seq: -1 }],
  ["jobs_agent_seq_check", "queued", { agent_seq: -1 }],
  ["jobs_event_bytes_check", "queued", { event_bytes: -1 }],
  ["jobs_kept_bytes_check", "queued", { kept_bytes: -1 }],
  ["jobs_archive_bytes_check", "succeeded", { archive_bytes: 0 }],
  ["jobs_archive_sha256_check", "succeeded", { archive_sha256: "A".repeat(64) }],
  ["jobs_output_files_check", "succeeded", { output_files: -1 }],
  ["jobs_output_bytes_check", "succeeded", { output_bytes: -1 }],
  ["jobs_lease_iff_running", "running", { lease_owner: null, lease_until: null }],
  ["jobs_lease_iff_running", "running", { lease_until: null }],
  ["jobs_lease_iff_running", "queued", { lease_owner: randomUUID(), lease_until: time }],
  ["jobs_lease_iff_running", "failed", { lease_owner: randomUUID() }],
  ["jobs_node_only_while_running", "queued", { node: "shell" }],
  ["jobs_node_only_while_running", "succeeded", { node: "compile" }],
  ["jobs_failure_iff_failed", "failed", { failure: null }],
  ["jobs_failure_iff_failed", "succeeded", { failure: "{}" }],
  ["jobs_failure_iff_failed", "running", { failure: "{}" }],
  ["jobs_finished_iff_terminal", "running", finished],
  ["jobs_finished_iff_terminal", "failed", { finished_at: null, expires_at: null }],
  ["jobs_finished_iff_terminal", "failed", { expires_at: null }],
  ["jobs_finished_iff_terminal", "queued", { expires_at: time }],
  ["jobs_started_when_run", "running", { attempt_started_at: null }],
  ["jobs_started_when_run", "failed", { started_at: null, attempt_started_at: null }],
  ["jobs_archive_is_whole", "failed", { archive_key: "a.zip" }],
  ["jobs_archive_is_whole", "succeeded", { output_bytes: null }],
  ["jobs_archive_only_when_ended", "running", archive],
  ["jobs_success_has_archive", "succeeded", { ...nothing, ...started, ...finished }],
  ["jobs_cancelled_iff_asked", "cancelled", { cancel_requested_at: null }],
  ["jobs_cancelled_iff_asked", "succeeded", { cancel_requested_at: time }],
  ["jobs_cancelled_iff_asked", "queued", { cancel_requested_at: time }],
  ["jobs_cancelled_iff_asked", "running", { cancel_requested_at: time, settled_status: "failed" }],
  ["jobs_settled_only_while_running", "queued", { settled_status: "failed" }],
  ["jobs_settled_whole", "running", { settled: "{}" }],
  ["jobs_lease_epoch_check", "running", { lease_epoch: -1 }],
  ["jobs_expired_only_when_ended", "running", { expired_at: time }],
  ["jobs_events_deleted_only_when_expired", "failed", { events_deleted_at: time }],
  ["jobs_tenant_check", "queued", { tenant: "Not a Name" }],
  ["jobs_secrets_whole", "queued", { secrets: "sealed" }],
  ["jobs_secrets_gone_when_ended", "failed", { secrets: "sealed", secrets_key_id: "one" }],
];

describe("a row of a Job that must not exist", () => {
  test.each(impossible)("is refused by %s: %s with %j", async (constraint, status, wrong) => {
    const refused = insert(database.sql, { ...smallest[status], ...wrong });
    await expect(refused).rejects.toMatchObject({ code: "23514" });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(constraint) as string });
  });

  test("with a status of no Job is refused", async () => {
    await expect(insert(database.sql, { ...smallest.queued, status: "paused" })).rejects.toMatchObject({
      code: "23514",
    });
  });

  test("has a test for each CHECK of the table", async () => {
    const rows = await database.sql<{ name: string }[]>`
      SELECT conname AS name FROM pg_constraint WHERE conrelid = 'jobs'::regclass AND contype = 'c'`;
    const provoked = new Set([...impossible.map(([constraint]) => constraint), "jobs_status_check"]);
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...provoked].toSorted());
  });
});

describe("a row of an Event that must not exist", () => {
  const log = { job_id: randomUUID(), seq: 1, attempt: 1, type: "log", stream: "stdout", text: "x" };
  const state = { ...log, type: "state", stream: null, text: null, body: "{}" };

  test.each([
    ["job_events_seq_check", { ...log, seq: 0 }],
    ["job_events_attempt_check", { ...log, attempt: 0 }],
    ["job_events_type_check", { ...state, type: "progress" }],
    ["job_events_node_check", { ...log, node: "nowhere" }],
    ["job_events_step_check", { ...log, step: 0 }],
    ["job_events_stream_check", { ...log, stream: "stdin" }],
    ["job_events_log_has_text", { ...log, text: null }],
    ["job_events_log_has_text", { ...log, stream: null }],
    ["job_events_log_has_text", { ...log, body: "{}" }],
    ["job_events_log_has_text", { ...state, body: null }],
    ["job_events_log_has_text", { ...state, text: "x" }],
    ["job_events_log_has_text", { ...state, stream: "stdout" }],
  ])("is refused by %s: %j", async (constraint, row: Row) => {
    const { sql } = database;
    await expect(sql`INSERT INTO job_events ${sql(row)}`).rejects.toMatchObject({
      message: expect.stringContaining(constraint) as string,
    });
  });

  test("has a number that another Event of the Job has", async () => {
    const { sql } = database;
    const row = { ...log, job_id: randomUUID() };
    await sql`INSERT INTO job_events ${sql(row)}`;
    await expect(sql`INSERT INTO job_events ${sql(row)}`).rejects.toMatchObject({ code: "23505" });
  });
});
