import type { JobStatus } from "../../domain/job-state.ts";
import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** A Job whose Events can be counted: it has not expired. */
export interface CountedJob {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly lastSeq: number;
}

/** Jobs from the newest on, those older than `before` ('' for the newest), at most `limit`. */
export async function listCounted(sql: Sql, before: string, limit: number): Promise<readonly CountedJob[]> {
  return within(sql<CountedJob[]>`
    SELECT id AS job_id, status, last_seq FROM jobs
     WHERE expired_at IS NULL AND (${before} = '' OR id < nullif(${before}, '')::uuid)
     ORDER BY id DESC LIMIT ${limit}`);
}

/** Some numbers of one Job's history: those above `after`, up to `upTo`. */
export interface Stretch {
  readonly jobId: string;
  readonly after: number;
  readonly upTo: number;
}

/** What is there of a stretch: its Events, and how many of them are an `end`. */
export interface StretchCount {
  readonly jobId: string;
  readonly events: number;
  readonly ends: number;
}

/** Counts the Events of these stretches; the caller keeps their sum to what one statement can do. */
export async function countStretches(
  sql: Sql,
  stretches: readonly Stretch[],
): Promise<readonly StretchCount[]> {
  return within(sql<StretchCount[]>`
    SELECT stretch.job_id, counted.events, counted.ends
      FROM unnest(${stretches.map(({ jobId }) => jobId)}::uuid[], ${stretches.map(({ after }) => after)}::bigint[],
                  ${stretches.map(({ upTo }) => upTo)}::bigint[]) AS stretch (job_id, after, up_to),
           LATERAL (SELECT count(*) AS events, count(*) FILTER (WHERE type = 'end') AS ends FROM job_events
                     WHERE job_events.job_id = stretch.job_id AND seq > after AND seq <= up_to) AS counted`);
}

/** Of these Jobs, how many Events lie above the number that their row says is the last; ones that go on are read anew. */
export async function listBeyondLast(sql: Sql, jobIds: readonly string[]): Promise<readonly string[]> {
  const rows = await within(sql<{ id: string }[]>`
    SELECT id FROM jobs WHERE id = ANY (${[...jobIds]}::uuid[])
       AND EXISTS (SELECT FROM job_events WHERE job_id = id AND seq > last_seq)`);
  return rows.map(({ id }) => id);
}

/**
 * Of these Jobs the ended ones whose last two Events do not say so: a `state` and then an `end`, both with the row's own
 * status.
 */
export async function listUntoldEnds(sql: Sql, jobIds: readonly string[]): Promise<readonly string[]> {
  const rows = await within(sql<{ id: string }[]>`
    SELECT id FROM jobs WHERE id = ANY (${[...jobIds]}::uuid[]) AND finished_at IS NOT NULL AND expired_at IS NULL
       AND NOT (EXISTS (SELECT FROM job_events WHERE job_id = id AND seq = last_seq AND type = 'end'
                           AND body ->> 'status' = jobs.status)
                AND EXISTS (SELECT FROM job_events WHERE job_id = id AND seq = last_seq - 1 AND type = 'state'
                               AND body ->> 'status' = jobs.status))`);
  return rows.map(({ id }) => id);
}
