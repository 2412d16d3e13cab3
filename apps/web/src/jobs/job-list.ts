import type { JobPage, JobSummary } from "@longshore/client";

/** What is known of a list that goes on: its beginning, without a gap, newest first. */
export interface JobList {
  readonly jobs: readonly JobSummary[];
  /** Where it goes on; null at its end. */
  readonly next: string | null;
}

/**
 * The list with its first page asked anew: new jobs come in front, those of the page are as they are now, and those that
 * are gone from it (deleted, or of another state than is asked for) go. Null where nothing of the page is known yet: then
 * what lies between is not known either.
 */
export function withFirstPage(list: JobList, page: JobPage): JobList | null {
  if (page.next_cursor === null) return { jobs: page.jobs, next: null };
  const places = new Map(list.jobs.map(({ job_id }, index) => [job_id, index]));
  const last = page.jobs.findLastIndex(({ job_id }) => places.has(job_id));
  const place = places.get(page.jobs[last]?.job_id ?? "");
  if (place === undefined) return null;
  // Behind the last that is known: of the page all that is left, where the list ends there, too.
  const rest = list.jobs.slice(place + 1);
  if (rest.length === 0) return { jobs: page.jobs, next: page.next_cursor };
  return { jobs: [...page.jobs.slice(0, last + 1), ...rest], next: list.next };
}

/** The list with the page that was asked for at its end. */
export function withNextPage(list: JobList, page: JobPage, cursor: string): JobList {
  // Meanwhile it was begun anew: the page is of the list that was.
  if (list.next !== cursor) return list;
  const known = new Set(list.jobs.map(({ job_id }) => job_id));
  return {
    jobs: [...list.jobs, ...page.jobs.filter(({ job_id }) => !known.has(job_id))],
    next: page.next_cursor,
  };
}

/** The list with these jobs as they are now. */
export function withChanged(list: JobList, changed: readonly JobSummary[]): JobList {
  const byId = new Map(changed.map((job) => [job.job_id, job]));
  return { ...list, jobs: list.jobs.map((job) => byId.get(job.job_id) ?? job) };
}

/** The list without jobs that were made before a moment, in ms since 1970: what was asked for once grows older. */
export function madeSince(list: JobList, begin: number | null): JobList {
  if (begin === null) return list;
  const jobs = list.jobs.filter(({ created_at }) => Date.parse(created_at) >= begin);
  return jobs.length === list.jobs.length ? list : { jobs, next: null };
}

/** How many jobs have come in front of the one that was the first. */
export function countNew(list: JobList, first: string | undefined): number {
  if (first === undefined) return 0;
  return Math.max(
    0,
    list.jobs.findIndex(({ job_id }) => job_id === first),
  );
}
