import { and, asc, eq, getTableColumns, gt, inArray, type SQL, sql } from "drizzle-orm";
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
      .where(chosen(jobId, page.after, only))
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
  { after, limit, bytes }: EventPage & { readonly bytes: number },
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
    .where(chosen(jobId, after, only))
    .orderBy(asc(jobEvents.seq))
    .limit(limit)
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

function chosen(jobId: string, after: number, only: EventFilter): SQL | undefined {
  return and(
    eq(jobEvents.jobId, jobId),
    gt(jobEvents.seq, after),
    only.type === undefined ? undefined : eq(jobEvents.type, only.type),
    only.streams === undefined ? undefined : inArray(jobEvents.stream, [...only.streams]),
  );
}
