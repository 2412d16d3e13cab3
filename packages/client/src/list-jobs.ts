import type { Client as Api } from "openapi-fetch";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import type { JobFilter, JobSummary } from "./wire.ts";

export interface ListOptions {
  /** Jobs that are fetched at a time, 1 to 200. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

/** All jobs that fit, the newest first. */
export async function* listJobs(
  api: Api<paths>,
  { metadata = {}, ...filter }: JobFilter,
  { pageSize = 50, signal }: ListOptions,
): AsyncGenerator<JobSummary, void, undefined> {
  const labels = Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [`metadata.${key}`, value]),
  );
  for (let cursor: string | null = ""; cursor !== null;) {
    const query = { ...filter, ...labels, limit: pageSize, ...(cursor === "" ? {} : { cursor }) };
    const page: { readonly jobs: readonly JobSummary[]; readonly next_cursor: string | null } = dataOf(
      await api.GET("/jobs", { params: { query }, ...givenSignal(signal) }),
    );
    yield* page.jobs;
    cursor = page.next_cursor;
  }
}
