import { and, desc, eq, gte, ilike, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { JobStatus } from "../domain/job-state.ts";
import type { Orm } from "./connect-database.ts";
import { type JobRecord, toJobRecord } from "./job-record.ts";
import { jobColumns } from "./read-job.ts";
import { jobs } from "./schema.ts";
import { within } from "./within.ts";

/** What a caller may ask for among the Jobs of its tenant. */
export interface JobFilter {
  /** Any of these; all where it is empty. */
  readonly statuses: readonly JobStatus[];
  /** Every one of these pairs. */
  readonly metadata: Readonly<Record<string, string>>;
  /** A substring of the prompt, case ignored. */
  readonly q: string | null;
  readonly createdAfter: Date | null;
  /** Inclusive by the milliseconds that clients are shown. */
  readonly createdBefore: Date | null;
}

/** The Jobs of one tenant, newest first; at most `limit` older than `before` (a Job id, or null for the newest). */
export async function listJobs(
  orm: Orm,
  tenant: string,
  filter: JobFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<readonly JobRecord[]> {
  const conditions: (SQL | undefined)[] = [
    eq(jobs.tenant, tenant),
    filter.statuses.length === 0 ? undefined : inArray(jobs.status, [...filter.statuses]),
    Object.keys(filter.metadata).length === 0
      ? undefined
      : sql`${jobs.metadata} @> ${JSON.stringify(filter.metadata)}::jsonb`,
    filter.q === null
      ? undefined
      : ilike(jobs.prompt, `%${filter.q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`),
    filter.createdAfter === null ? undefined : gte(jobs.createdAt, filter.createdAfter),
    // Rows have microseconds: the Job that was shown as created at this very millisecond belongs to it.
    filter.createdBefore === null
      ? undefined
      : lt(jobs.createdAt, new Date(filter.createdBefore.getTime() + 1)),
    page.before === null ? undefined : lt(jobs.id, page.before),
  ];
  const rows = await within(
    orm
      .select(jobColumns)
      .from(jobs)
      .where(and(...conditions))
      .orderBy(desc(jobs.id))
      .limit(page.limit),
  );
  return rows.map(toJobRecord);
}
