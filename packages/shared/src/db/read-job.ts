import { and, eq, getTableColumns } from "drizzle-orm";
import { jobs } from "./schema.ts";
import { type JobRecord, toJobRecord } from "./job-record.ts";
import { type Orm, prepared } from "./connect-database.ts";
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

/** The Job, or null where there is none of this id, or where it is not of this tenant: of any, where none is given. */
export async function readJob(orm: Orm, jobId: string, tenant?: string): Promise<JobRecord | null> {
  const ofTenant = tenant === undefined ? undefined : eq(jobs.tenant, tenant);
  const rows = await within(
    prepared(orm)
      .select(jobColumns)
      .from(jobs)
      .where(and(eq(jobs.id, jobId), ofTenant)),
  );
  return rows[0] === undefined ? null : toJobRecord(rows[0]);
}
