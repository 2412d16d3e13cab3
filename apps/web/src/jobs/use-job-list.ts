import type { Client, JobFilter } from "@longshore/client";
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useClient } from "../service/use-client.ts";
import { type JobList, withChanged, withFirstPage, withNextPage } from "./job-list.ts";

const lookEveryMs = 2_000;
/** The first page is asked for again and again: it is small. Those that one scrolls to are as large as the service has them. */
const [firstPageSize, nextPageSize] = [50, 200];
/** So many new jobs at once are caught up with; more begin the list anew. */
const mostPagesBehind = 4;

export interface LiveJobList {
  /** Undefined until it is there. */
  readonly list: JobList | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
  /** Asks for what comes behind, where it is not being asked for. */
  readonly loadMore: () => void;
  readonly moreError: Error | null;
  /** Asks how these jobs are, which the first page may not hold. */
  readonly lookAt: (ids: readonly string[]) => Promise<void>;
}

/** All jobs that fit, as far as one has scrolled; the beginning is looked at every 2 s, while the page is in sight. */
export function useJobList(filter: JobFilter, key: string): LiveJobList {
  const client = useClient();
  const queries = useQueryClient();
  const queryKey = ["jobs", key];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => refresh(client, queries, queryKey, filter, signal),
    refetchInterval: lookEveryMs,
    // A long list is not to be compared job by job.
    structuralSharing: false,
  });
  const { loadMore, moreError } = useMore(client, filter, queryKey);
  const lookAt = async (ids: readonly string[]) => {
    const found = await Promise.allSettled(ids.map((id) => client.status(id)));
    const jobs = found.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    queries.setQueryData<JobList>(queryKey, (list) => (list === undefined ? list : withChanged(list, jobs)));
  };
  return { list: data, error, retry: () => void refetch(), loadMore, moreError, lookAt };
}

async function refresh(
  client: Client,
  queries: QueryClient,
  queryKey: readonly string[],
  filter: JobFilter,
  signal: AbortSignal,
): Promise<JobList> {
  const first = await client.page(filter, { pageSize: firstPageSize, signal });
  let page = first;
  for (let pages = 1; pages <= mostPagesBehind; pages += 1) {
    const known = queries.getQueryData<JobList>(queryKey);
    const merged = known === undefined ? null : withFirstPage(known, page);
    if (merged !== null) return merged;
    if (known === undefined || page.next_cursor === null) break;
    const more = await client.page(filter, { pageSize: nextPageSize, cursor: page.next_cursor, signal });
    page = { jobs: [...page.jobs, ...more.jobs], next_cursor: more.next_cursor };
  }
  return { jobs: first.jobs, next: first.next_cursor };
}

function useMore(client: Client, filter: JobFilter, queryKey: readonly string[]) {
  const queries = useQueryClient();
  const asking = useRef<string | null>(null);
  const [moreError, setMoreError] = useState<Error | null>(null);
  const load = async () => {
    const cursor = queries.getQueryData<JobList>(queryKey)?.next ?? null;
    if (cursor === null || asking.current === cursor) return;
    asking.current = cursor;
    try {
      const page = await client.page(filter, { pageSize: nextPageSize, cursor });
      queries.setQueryData<JobList>(queryKey, (list) =>
        list === undefined ? list : withNextPage(list, page, cursor),
      );
      setMoreError(null);
    } catch (error) {
      setMoreError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      asking.current = null;
    }
  };
  const latest = useRef(load);
  latest.current = load;
  return { loadMore: useCallback(() => void latest.current(), []), moreError };
}
