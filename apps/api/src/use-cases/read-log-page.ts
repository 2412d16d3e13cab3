import type { LogStream } from "@longshore/shared/contracts/log-line";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { EventFilter, EventPage, EventRow } from "@longshore/shared/db/read-events";
import { isTerminal } from "@longshore/shared/domain/job-state";

/** Reads a Job's Events after a number, in order: at most `limit`, and none but the first that begins behind `bytes`. */
export type ReadEvents = (
  jobId: string,
  page: EventPage & { readonly bytes: number },
  only?: EventFilter,
) => Promise<readonly EventRow[]>;

export interface ReadLogPageDeps {
  readonly readEvents: ReadEvents;
}

export interface LogPage {
  readonly rows: readonly EventRow[];
  /** The first line of the next page, where there is one already. */
  readonly following: EventRow | null;
  /** What to ask with next. */
  readonly nextAfter: number;
  /** The Job has ended and this page holds its last line. */
  readonly complete: boolean;
}

// A page of 10,000 lines of 16 KiB would be 160 MB: it ends before that, and the next one goes on.
const mostBytes = 1_024 * 1_024;
const rowsAtOnce = 500;
/** By how much further is looked where a stretch of the Events has no line of those that are asked for. */
const widening = 4;

/** Lines of a Job's log after number `after`: at most `limit` of them, and fewer where they are long. */
export async function readLogPage(
  { readEvents }: ReadLogPageDeps,
  /** Read before the lines: where it has ended, no line comes after those that are there. */
  job: JobRecord,
  page: { readonly after: number; readonly limit: number; readonly streams: readonly LogStream[] },
): Promise<LogPage> {
  const rows: EventRow[] = [];
  let bytes = 0;
  const readMore = (limit: number, within: number) =>
    readLines(readEvents, job, {
      ...{ after: rows.at(-1)?.seq ?? page.after, limit, bytes: within },
      streams: page.streams,
    });
  while (rows.length < page.limit && bytes < mostBytes) {
    const limit = Math.min(rowsAtOnce, page.limit - rows.length);
    const { lines, toEnd } = await readMore(limit, mostBytes - bytes);
    rows.push(...lines);
    bytes += lines.reduce((sum, { text }) => sum + Buffer.byteLength(text ?? ""), 0);
    if (toEnd && lines.length < limit && bytes < mostBytes)
      return toPage(rows, null, page.after, isTerminal(job.state.status));
  }
  const [following = null] = (await readMore(1, 1)).lines;
  return toPage(rows, following, page.after, following === null && isTerminal(job.state.status));
}

/**
 * The next lines, one at least where there is one. They are looked for in the next stretch of the Events, which is mostly
 * lines, and then in longer ones; `toEnd` says that this one went to the last Event.
 */
async function readLines(
  readEvents: ReadEvents,
  { id, lastSeq }: JobRecord,
  {
    after,
    streams,
    ...most
  }: {
    readonly after: number;
    readonly limit: number;
    readonly bytes: number;
    readonly streams: readonly LogStream[];
  },
): Promise<{ readonly lines: readonly EventRow[]; readonly toEnd: boolean }> {
  for (let [from, stretch] = [after, rowsAtOnce]; ; [from, stretch] = [from + stretch, stretch * widening]) {
    const upTo = from + stretch;
    const lines = await readEvents(id, { after: from, upTo, ...most }, { type: "log", streams });
    const toEnd = upTo >= lastSeq;
    if (lines.length > 0 || toEnd) return { lines, toEnd };
  }
}

function toPage(
  rows: readonly EventRow[],
  following: EventRow | null,
  after: number,
  complete: boolean,
): LogPage {
  return { rows, following, nextAfter: rows.at(-1)?.seq ?? after, complete };
}
