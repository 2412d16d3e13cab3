import type { JobRecord } from "@longshore/shared/db/job-record";
import type { Archive } from "@longshore/shared/domain/job";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { isExpired } from "./is-expired.ts";

/** Why there is nothing to download: what every route that gives an archive answers then. */
export const noArchiveCodes = ["job_not_found", "no_archive", "not_finished", "expired"] as const;

type NoArchive = (typeof noArchiveCodes)[number];

/**
 * The bytes `start` to `end` (inclusive) of an archive, or `expired` where retention removed it meanwhile. What is open
 * is read to its end, whatever is removed.
 */
export type OpenArchive = (
  archive: Archive,
  range: { readonly start: number; readonly end: number },
) => Promise<ReadableStream<Uint8Array> | "expired">;

/** What a person is told where there is nothing to download. */
export const whyNoArchive = {
  job_not_found: "There is no job of this id.",
  not_finished: "The job has not ended: its archive is there when it has.",
  expired: "The job's retention is over: its archive is gone.",
  no_archive: "This job ended before it ran, and so has no archive.",
} as const satisfies Record<NoArchive, string>;

/** Where the Archive of an ended Job lies; `job` is null where there is none. */
export function findArchive(job: JobRecord | null): Result<Archive, NoArchive> {
  if (job === null) return fail("job_not_found");
  if (!("archive" in job.state)) return fail("not_finished");
  if (job.state.archive === null) return fail("no_archive");
  return isExpired(job) ? fail("expired") : succeed(job.state.archive);
}
