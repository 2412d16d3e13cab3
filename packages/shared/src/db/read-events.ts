import { and, asc, eq, gt, inArray, type SQL } from "drizzle-orm";
import type { LogStream } from "../contracts/log-line.ts";
import type { Orm } from "./connect-database.ts";
import { jobEvents } from "./schema.ts";
import { within } from "./within.ts";

export type EventRow = typeof jobEvents.$inferSelect;

/** Which Events are asked for; all where it is empty. */
export interface EventFilter {
  readonly type?: EventRow["type"];
  /** Log lines of these streams only. */
  readonly streams?: readonly LogStream[];
}

/** A Job's Events after number `after`, in order, at most `limit` of them. */
export async function readEvents(
  orm: Orm,
  jobId: string,
  page: { readonly after: number; readonly limit: number },
  only: EventFilter = {},
): Promise<readonly EventRow[]> {
  const conditions: (SQL | undefined)[] = [
    eq(jobEvents.jobId, jobId),
    gt(jobEvents.seq, page.after),
    only.type === undefined ? undefined : eq(jobEvents.type, only.type),
    only.streams === undefined ? undefined : inArray(jobEvents.stream, [...only.streams]),
  ];
  return within(
    orm
      .select()
      .from(jobEvents)
      .where(and(...conditions))
      .orderBy(asc(jobEvents.seq))
      .limit(page.limit),
  );
}
