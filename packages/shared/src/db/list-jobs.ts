import { and, desc, eq, gte, ilike, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { JobStatus } from "../domain/job-state.ts";
import type { Orm } from "./connect-database.ts";
import { type JobRecord, toJobRecord } from "./job-record.ts";
import { mostSearchedBytes, mostSearchedRows, mostShownBytes } from "./list-bounds.ts";
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

/** A page of a list. */
export interface JobPage {
  readonly jobs: readonly JobRecord[];
  /** The page goes on with what is older than this Job's id; null where nothing is. */
  readonly goesOnAfter: string | null;
}

/**
 * The Jobs of one tenant, newest first: at most `limit` older than `before` (a Job id, or null for the newest), and fewer,
 * none even, where prompts are long: no page shows more than so many bytes of them, or searches more. The next one goes on.
 */
export async function listJobs(
  orm: Orm,
  tenant: string,
  filter: JobFilter,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<JobPage> {
  const { q } = filter;
  const candidates = [...conditionsOf(tenant, filter), before === null ? undefined : lt(jobs.id, before)];
  const end =
    q === null
      ? await findEnd(orm, candidates, { rows: limit + 1, bytes: mostShownBytes })
      : await findEnd(orm, candidates, { rows: mostSearchedRows, bytes: mostSearchedBytes(q) });
  const rows = await within(
    orm
      .select(jobColumns)
      .from(jobs)
      .where(
        and(
          ...candidates,
          end === null ? undefined : gte(jobs.id, end),
          q === null ? undefined : ilike(jobs.prompt, `%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`),
        ),
      )
      .orderBy(desc(jobs.id))
      .limit(limit + 1),
  );
  const shown = rows.slice(0, countShown(rows.slice(0, limit))).map(toJobRecord);
  return { jobs: shown, goesOnAfter: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : end };
}

/** How many of them one page shows: up to the one whose prompt reaches the bound. */
function countShown(rows: readonly { readonly prompt: string | null }[]): number {
  let bytes = 0;
  const last = rows.findIndex(({ prompt }) => (bytes += Buffer.byteLength(prompt ?? "")) >= mostShownBytes);
  return last === -1 ? rows.length : last + 1;
}

function conditionsOf(tenant: string, filter: JobFilter): readonly (SQL | undefined)[] {
  return [
    eq(jobs.tenant, tenant),
    filter.statuses.length === 0 ? undefined : inArray(jobs.status, [...filter.statuses]),
    Object.keys(filter.metadata).length === 0
      ? undefined
      : sql`${jobs.metadata} @> ${JSON.stringify(filter.metadata)}::jsonb`,
    filter.createdAfter === null ? undefined : gte(jobs.createdAt, filter.createdAfter),
    // Rows have microseconds: the Job that was shown as created at this very millisecond belongs to it.
    filter.createdBefore === null
      ? undefined
      : lt(jobs.createdAt, new Date(filter.createdBefore.getTime() + 1)),
  ];
}

/** The id of the first of them, newest first, with which the bound is reached; null where all of them stay below. */
async function findEnd(
  orm: Orm,
  candidates: readonly (SQL | undefined)[],
  bound: { readonly rows: number; readonly bytes: number },
): Promise<string | null> {
  const counted = orm
    .select({
      id: jobs.id,
      place: sql<number>`row_number() OVER (ORDER BY ${jobs.id} DESC)`.as("place"),
      // Its size alone is looked at: nothing is unpacked.
      bytes: sql<number>`sum(coalesce(octet_length(${jobs.prompt}), 0)) OVER (ORDER BY ${jobs.id} DESC)`.as(
        "bytes",
      ),
    })
    .from(jobs)
    .where(and(...candidates))
    .orderBy(desc(jobs.id))
    .limit(bound.rows)
    .as("counted");
  const rows = await within(
    orm
      .select({ id: counted.id })
      .from(counted)
      .where(sql`${counted.place} >= ${bound.rows} OR ${counted.bytes} >= ${bound.bytes}`)
      .orderBy(desc(counted.id))
      .limit(1),
  );
  return rows[0]?.id ?? null;
}
