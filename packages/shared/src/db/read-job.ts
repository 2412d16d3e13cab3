import { eq, getTableColumns } from "drizzle-orm";
import { jobs } from "./schema.ts";
import { type JobRecord, toJobRecord } from "./job-record.ts";
import type { Orm } from "./connect-database.ts";
import { within } from "./within.ts";

const {
  request: _request,
  planSteps: _planSteps,
  secrets: _secrets,
  secretsKeyId: _secretsKeyId,
  ...columns
} = getTableColumns(jobs);

/** Every column but the request and the plan's Steps, which can be megabytes, and the secrets, which are the worker's. */
export const jobColumns = columns;

/** The Job, or null where there is none of this id. */
export async function readJob(orm: Orm, jobId: string): Promise<JobRecord | null> {
  const rows = await within(orm.select(jobColumns).from(jobs).where(eq(jobs.id, jobId)));
  return rows[0] === undefined ? null : toJobRecord(rows[0]);
}
