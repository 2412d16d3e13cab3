import type { Client as Api } from "openapi-fetch";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import type { LogLine, LogPage } from "./wire.ts";

export interface LogOptions {
  /** Begins after the line of this `seq`. */
  readonly after?: number;
  /** Lines of this stream alone. */
  readonly stream?: LogLine["stream"];
  readonly signal?: AbortSignal;
}

/** The lines that the log has by now, page by page. */
export async function* readLogLines(
  api: Api<paths>,
  id: string,
  { after = 0, ...options }: LogOptions,
): AsyncGenerator<LogLine, void, undefined> {
  for (let [next, isLast] = [after, false]; !isLast;) {
    const page = await readPage(api, id, { after: next, ...options });
    yield* page.lines;
    next = page.next_after;
    // Of a job that runs, the last page is the one that has nothing yet.
    isLast = page.complete || page.lines.length === 0;
  }
}

async function readPage(
  api: Api<paths>,
  id: string,
  { after = 0, stream, signal }: LogOptions,
): Promise<LogPage> {
  const query = { after, format: "json" as const, ...(stream === undefined ? {} : { stream }) };
  const answer = await api.GET("/logs/{id}", { params: { path: { id }, query }, ...givenSignal(signal) });
  // safety: it is text only where that is asked for.
  return dataOf<LogPage | string>(answer) as LogPage;
}
