import type { PendingQuery, Row } from "postgres";
import type { NewEvent } from "../contracts/event.ts";
import type { TimingsView } from "../contracts/job-view.ts";
import { toFailureView } from "../contracts/job-failure-view.ts";
import type { StoredPlan } from "../contracts/plan.ts";
import type { Archive } from "../domain/job.ts";
import type { JobFailure } from "../domain/failure.ts";
import type { TerminalStatus } from "../domain/job-state.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { fencedRows } from "./fenced-rows.ts";
import { notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

/** How a Job ends, once and for all. */
export interface JobEnd {
  readonly status: TerminalStatus;
  readonly failure: JobFailure | null;
  readonly archive: Archive | null;
  /** With no Step pending or running; null where there never was a plan. */
  readonly plan: StoredPlan | null;
  readonly timings: TimingsView;
  /** What {@link settleEnd} gave. */
  readonly finishedAt: Date;
  readonly retentionDays: number;
}

/** What {@link endJob} gives. */
export type Ended = Result<void, "lease_lost">;

/** The end of the Job of an Attempt. */
export interface AttemptEnd {
  readonly fence: Fence;
  readonly end: JobEnd;
}

/**
 * Writes the terminal state with the last Events (`state`, `end`) in one fenced statement. Fails with `lease_lost`
 * where the fence does not hold, or something else than `status` was settled.
 */
export async function endJob(sql: Sql, fence: Fence, end: JobEnd): Promise<Ended> {
  const [ended] = await writeEnds(sql, [{ fence, end }], sql``);
  return ended ?? fail("lease_lost");
}

/**
 * The same for several Jobs in one statement; leaves out those for which it would fail, or whose row somebody holds. The
 * database has to answer within `boundMs`.
 */
export async function endJobs(
  sql: Sql,
  ends: readonly AttemptEnd[],
  boundMs?: number,
): Promise<readonly (Ended | undefined)[]> {
  return writeEnds(sql, ends, sql`SKIP LOCKED`, boundMs);
}

async function writeEnds(
  sql: Sql,
  ends: readonly AttemptEnd[],
  held: PendingQuery<Row[]>,
  boundMs?: number,
): Promise<readonly (Ended | undefined)[]> {
  const columns = toEndColumns(ends);
  const statement = sql<{ place: number }[]>`
    WITH ${fencedRows(sql, ends, held)}, wanted AS MATERIALIZED (
      SELECT fenced.id, place, e.*
        FROM fenced JOIN unnest(
               ${columns.statuses}::text[], ${columns.failures}::text[], ${columns.plans}::text[], ${columns.timings}::text[],
               ${columns.finished}::text[], ${columns.days}::integer[], ${columns.archives}::text[],
               ${columns.states}::text[], ${columns.ends}::text[])
             WITH ORDINALITY AS e (status, failure, plan, timings, finished_at, days, archive, last_state, last_end, at)
             ON place = e.at
    ), job AS (
      UPDATE jobs
         SET status = e.status, node = NULL, lease_owner = NULL, lease_until = NULL,
             failure = e.failure::jsonb, plan = coalesce(e.plan::jsonb, jobs.plan),
             settled_status = NULL, settled = NULL, resume = NULL, finished_at = e.finished_at::timestamptz,
             expires_at = e.finished_at::timestamptz + make_interval(days => e.days),
             archive_key = e.archive::jsonb ->> 'key', archive_bytes = (e.archive::jsonb ->> 'bytes')::bigint,
             archive_sha256 = e.archive::jsonb ->> 'sha256',
             output_files = (e.archive::jsonb ->> 'outputFiles')::integer,
             output_bytes = (e.archive::jsonb ->> 'outputBytes')::bigint,
             timings = e.timings::jsonb, last_seq = last_seq + 2
        FROM wanted AS e
       WHERE jobs.id = e.id AND settled_status = e.status
      RETURNING jobs.id, attempt, last_seq - 2 AS base, place, last_state, last_end
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT job.id, base + position, attempt, type, body::jsonb
        FROM job, LATERAL (VALUES (1, 'state', last_state), (2, 'end', last_end)) AS e (position, type, body)
    )
    SELECT place FROM job`;
  const rows = await within(statement, boundMs);
  const answers: (Ended | undefined)[] = ends.map(() => undefined);
  for (const { place } of rows) answers[place - 1] = succeed(undefined);
  for (const [place, { fence }] of ends.entries())
    if (answers[place] !== undefined) notifyEvents(sql, fence.jobId);
  return answers;
}

function toEndColumns(ends: readonly AttemptEnd[]) {
  const orNull = (value: unknown) => (value === null ? null : JSON.stringify(value));
  return {
    statuses: ends.map(({ end }) => end.status),
    failures: ends.map(({ end }) => orNull(end.failure)),
    plans: ends.map(({ end }) => orNull(end.plan)),
    timings: ends.map(({ end }) => JSON.stringify(end.timings)),
    finished: ends.map(({ end }) => end.finishedAt.toISOString()),
    days: ends.map(({ end }) => end.retentionDays),
    archives: ends.map(({ end }) => orNull(end.archive)),
    states: ends.map((each) => JSON.stringify(lastState(each))),
    ends: ends.map(({ end }) => JSON.stringify(lastEnd(end))),
  };
}

type BodyOf<Type extends "state" | "end"> = Extract<NewEvent, { type: Type }>["body"];
const lastState = ({ fence: { attempt }, end: { status } }: AttemptEnd) =>
  ({ status, node: null, attempt }) satisfies BodyOf<"state">;
const lastEnd = ({ status, failure }: JobEnd) =>
  ({ status, failure: failure === null ? null : toFailureView(failure) }) satisfies BodyOf<"end">;
