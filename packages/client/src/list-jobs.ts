import type { Client as Api } from "openapi-fetch";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import type { JobFilter, JobPage, JobSummary } from "./wire.ts";

export interface ListOptions {
  /** Jobs that are fetched at a time, 1 to 200. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

export interface PageOptions extends ListOptions {
  /** The `next_cursor` of the page before; the first page, where left out. */
  readonly cursor?: string;
}

/** All jobs that fit, the newest first. */
export async function* listJobs(
  api: Api<paths>,
  filter: JobFilter,
  options: ListOptions,
): AsyncGenerator<JobSummary, void, undefined> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: JobPage = await listPage(
      api,
      filter,
      cursor === undefined ? options : { ...options, cursor },
    );
    yield* page.jobs;
    cursor = page.next_cursor;
  }
}

/** One page of them. */
export async function listPage(
  api: Api<paths>,
  { metadata = {}, ...filter }: JobFilter,
  { pageSize = 50, cursor, signal }: PageOptions,
): Promise<JobPage> {
  const labels = Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [`metadata.${key}`, value]),
  );
  const query = { ...filter, ...labels, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
  return dataOf(await api.GET("/jobs", { params: { query }, ...givenSignal(signal) }));
}
