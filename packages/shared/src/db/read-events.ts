import { and, asc, eq, getTableColumns, gt, inArray, lte, type SQL, sql } from "drizzle-orm";
import type { LogStream } from "../contracts/log-line.ts";
import { type Orm, prepared } from "./connect-database.ts";
import { jobEvents } from "./schema.ts";
import { within } from "./within.ts";

export type EventRow = typeof jobEvents.$inferSelect;

/** Which Events are asked for; all where it is empty. */
export interface EventFilter {
  readonly type?: EventRow["type"];
  /** Log lines of these streams only. */
  readonly streams?: readonly LogStream[];
}

export interface EventPage {
  readonly after: number;
  readonly limit: number;
  /**
   * None after this number. Whoever asks for some kinds alone, page by page, has to say how far each page may look: the
   * server plans for a Job of average length, and of one that has a hundred times as many Events it would fetch and sort
   * all that are left for each page. Where all kinds are asked for, the limit says it, as numbers have no gaps.
   */
  readonly upTo?: number;
}

/** A Job's Events after number `after`, in order, at most `limit` of them. */
export async function readEvents(
  orm: Orm,
  jobId: string,
  page: EventPage,
  only: EventFilter = {},
): Promise<readonly EventRow[]> {
  return within(
    orm
      .select()
      .from(jobEvents)
      .where(chosen(jobId, page, only))
      .orderBy(asc(jobEvents.seq))
      .limit(page.limit),
  );
}

/**
 * A Job's Events after number `after`, in order: at most `limit`, and none but the first that begins behind `bytes` of
 * lines. What comes out of a page is held for each reader, however slow that one is.
 */
export async function readEventsWithin(
  orm: Orm,
  jobId: string,
  { bytes, ...wanted }: EventPage & { readonly bytes: number },
  only: EventFilter = {},
): Promise<readonly EventRow[]> {
  const page = orm
    .select({
      ...getTableColumns(jobEvents),
      endsAt:
        sql<number>`sum(coalesce(octet_length(${jobEvents.text}), 0)) OVER (ORDER BY ${jobEvents.seq} ROWS UNBOUNDED PRECEDING)`.as(
          "ends_at",
        ),
    })
    .from(jobEvents)
    .where(chosen(jobId, wanted, only))
    .orderBy(asc(jobEvents.seq))
    .limit(wanted.limit)
    .as("page");
  const rows = await within(
    prepared(orm)
      .select()
      .from(page)
      .where(sql`${page.endsAt} - coalesce(octet_length(${page.text}), 0) < ${bytes}`)
      .orderBy(asc(page.seq)),
  );
  return rows.map((row) => {
    const { endsAt: _, ...event } = row;
    return event;
  });
}

function chosen(
  jobId: string,
  { after, limit, upTo }: EventPage,
  { type, streams }: EventFilter,
): SQL | undefined {
  const last = type === undefined && streams === undefined ? after + limit : upTo;
  return and(
    eq(jobEvents.jobId, jobId),
    gt(jobEvents.seq, after),
    last === undefined ? undefined : lte(jobEvents.seq, last),
    type === undefined ? undefined : eq(jobEvents.type, type),
    streams === undefined ? undefined : inArray(jobEvents.stream, [...streams]),
  );
}
