import { and, count, desc, eq, gte, ilike, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
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
  const older = before === null ? [] : [lt(jobs.id, before)];
  const wanted = { ...filter, before, limit, conditions: [...conditionsOf(jobs, tenant, filter), ...older] };
  return Object.keys(filter.metadata).length === 0
    ? readPage(orm, wanted)
    : readLabelled(orm, tenant, wanted);
}

interface WantedPage extends JobFilter {
  readonly before: string | null;
  readonly limit: number;
  /** What else is asked of a Job than its status and what it is searched for. */
  readonly conditions: readonly (SQL | undefined)[];
}

async function readPage(orm: Orm, { conditions, statuses, q, limit }: WantedPage): Promise<JobPage> {
  const bound =
    q === null
      ? { rows: limit + 1, bytes: mostShownBytes }
      : { rows: mostSearchedRows, bytes: mostSearchedBytes(q) };
  const candidates = newestOfEach(statuses, conditions, bound.rows);
  const end = await findEnd(orm, candidates, bound);
  const rows = await within(
    orm
      .select(jobColumns)
      .from(jobs)
      .where(
        and(
          candidates,
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

/**
 * Many Jobs may have a label, or one in a million: first the newest are looked at, and where they do not fill the page, all
 * that have it, by the index of labels. Where they are too many for that, the page ends with what was looked at.
 */
async function readLabelled(orm: Orm, tenant: string, wanted: WantedPage): Promise<JobPage> {
  const labelled = sql`${jobs.metadata} @> ${JSON.stringify(wanted.metadata)}::jsonb`;
  const lookedAt = newestOfEach(wanted.statuses, wanted.conditions, mostSearchedRows);
  const [last] = await within(
    orm
      .select({ id: jobs.id })
      .from(jobs)
      .where(lookedAt)
      .orderBy(desc(jobs.id))
      .limit(1)
      .offset(mostSearchedRows - 1),
  );
  const newer = last === undefined ? [] : [gte(jobs.id, last.id)];
  const page = await readPage(orm, { ...wanted, conditions: [...wanted.conditions, ...newer, labelled] });
  if (last === undefined || page.goesOnAfter !== null) return page;
  const ids = await findLabelled(orm, tenant, labelled, wanted);
  if (ids === null) return { ...page, goesOnAfter: last.id };
  if (ids.length === 0) return { jobs: [], goesOnAfter: null };
  return readPage(orm, { ...wanted, statuses: [], conditions: [inArray(jobs.id, ids)] });
}

/** The newest of all that have the label, as many as a page needs; null where too many have it. */
async function findLabelled(
  orm: Orm,
  tenant: string,
  labelled: SQL,
  wanted: WantedPage,
): Promise<string[] | null> {
  if ((await countUpTo(orm, labelled, mostSearchedRows + 1)) > mostSearchedRows) return null;
  // LIMIT: else what is asked of them besides would be looked for first, among far more.
  const all = orm
    .select({ id: jobs.id, tenant: jobs.tenant, status: jobs.status, createdAt: jobs.createdAt })
    .from(jobs)
    .where(labelled)
    .limit(mostSearchedRows)
    .as("labelled");
  const { statuses, before, q, limit } = wanted;
  const rows = await within(
    orm
      .select({ id: all.id })
      .from(all)
      .where(
        and(
          ...conditionsOf(all, tenant, wanted),
          statuses.length === 0 ? undefined : inArray(all.status, [...statuses]),
          before === null ? undefined : lt(all.id, before),
        ),
      )
      .orderBy(desc(all.id))
      .limit(q === null ? limit + 1 : mostSearchedRows),
  );
  return rows.map(({ id }) => id);
}

/** How many there are, counted up to so many. */
async function countUpTo(orm: Orm, condition: SQL, most: number): Promise<number> {
  const some = orm.select({ id: jobs.id }).from(jobs).where(condition).limit(most).as("some");
  const [counted] = await within(orm.select({ number: count() }).from(some));
  return counted?.number ?? 0;
}

/**
 * The Jobs of these statuses of which the conditions hold; of several statuses those that are among the newest `most` of
 * their own: two that are rare would else be looked for among all Jobs, newest first.
 */
function newestOfEach(
  statuses: readonly JobStatus[],
  conditions: readonly (SQL | undefined)[],
  most: number,
): SQL | undefined {
  const [first, ...more] = statuses;
  if (first === undefined || more.length === 0)
    return and(...conditions, first === undefined ? undefined : eq(jobs.status, first));
  const each = sql.join(
    [...new Set(statuses)].map(
      (status) =>
        sql`(SELECT ${jobs.id} FROM ${jobs} WHERE ${and(...conditions, eq(jobs.status, status))} ORDER BY ${jobs.id} DESC LIMIT ${most})`,
    ),
    sql` UNION ALL `,
  );
  return sql`${jobs.id} = ANY (ARRAY(${each}))`;
}

/** How many of them one page shows: up to the one whose prompt reaches the bound. */
function countShown(rows: readonly { readonly prompt: string | null }[]): number {
  let bytes = 0;
  const last = rows.findIndex(({ prompt }) => (bytes += Buffer.byteLength(prompt ?? "")) >= mostShownBytes);
  return last === -1 ? rows.length : last + 1;
}

function conditionsOf(
  columns: Readonly<Record<"tenant" | "createdAt", PgColumn>>,
  tenant: string,
  { createdAfter, createdBefore }: Pick<JobFilter, "createdAfter" | "createdBefore">,
): readonly (SQL | undefined)[] {
  return [
    eq(columns.tenant, tenant),
    createdAfter === null ? undefined : gte(columns.createdAt, createdAfter),
    // Rows have microseconds: the Job that was shown as created at this very millisecond belongs to it.
    createdBefore === null ? undefined : lt(columns.createdAt, new Date(createdBefore.getTime() + 1)),
  ];
}

/** The id of the first of them, newest first, with which the bound is reached; null where all of them stay below. */
async function findEnd(
  orm: Orm,
  candidates: SQL | undefined,
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
    .where(candidates)
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
