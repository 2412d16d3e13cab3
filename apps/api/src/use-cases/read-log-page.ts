import type { LogStream } from "@longshore/shared/contracts/log-line";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { EventRow, EventFilter } from "@longshore/shared/db/read-events";
import { isTerminal } from "@longshore/shared/domain/job-state";

/** Reads a Job's Events after a number, in order: at most `limit`, and none but the first that begins behind `bytes`. */
export type ReadEvents = (
  jobId: string,
  page: { readonly after: number; readonly limit: number; readonly bytes: number },
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
    readEvents(
      job.id,
      { after: rows.at(-1)?.seq ?? page.after, limit, bytes: within },
      { type: "log", streams: page.streams },
    );
  while (rows.length < page.limit && bytes < mostBytes) {
    const limit = Math.min(rowsAtOnce, page.limit - rows.length);
    const read = await readMore(limit, mostBytes - bytes);
    rows.push(...read);
    bytes += read.reduce((sum, { text }) => sum + Buffer.byteLength(text ?? ""), 0);
    if (read.length < limit && bytes < mostBytes)
      return toPage(rows, null, page.after, isTerminal(job.state.status));
  }
  const [following = null] = await readMore(1, 1);
  return toPage(rows, following, page.after, following === null && isTerminal(job.state.status));
}

function toPage(
  rows: readonly EventRow[],
  following: EventRow | null,
  after: number,
  complete: boolean,
): LogPage {
  return { rows, following, nextAfter: rows.at(-1)?.seq ?? after, complete };
}
