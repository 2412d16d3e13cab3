import type { JobStatus } from "../../domain/job-state.ts";
import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** Where a Job is now, as far as it decides what may still be there of it. */
export interface AttemptNow {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly attempt: number;
  /** Seconds since its last Event. */
  readonly quietSeconds: number;
}

/** Of the given Jobs those that have a row, by their id. */
export async function readAttempts(
  sql: Sql,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, AttemptNow>> {
  const rows = await within(sql<AttemptNow[]>`
    SELECT jobs.id AS job_id, jobs.status, jobs.attempt,
           extract(epoch FROM longshore_now() - coalesce(last.time, jobs.finished_at, jobs.created_at))::float8 AS quiet_seconds
      FROM jobs LEFT JOIN job_events AS last ON last.job_id = jobs.id AND last.seq = jobs.last_seq
     WHERE jobs.id = ANY (${[...new Set(jobIds)]}::uuid[])`);
  return new Map(rows.map((row) => [row.jobId, row]));
}
