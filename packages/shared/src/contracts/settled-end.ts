import type { Archive } from "../domain/job.ts";
import type { JobFailure } from "../domain/failure.ts";
import type { TerminalStatus } from "../domain/job-state.ts";
import type { TimingsView } from "./job-view.ts";

/** The end that a Lease's owner has settled on, as `jobs.settled` keeps it for whoever has to take over. */
export interface SettledEnd {
  readonly status: TerminalStatus;
  readonly failure: JobFailure | null;
  /** What else the terminal row says, once the archive is stored: from then on nothing is left but to write it. */
  readonly stored: {
    /** By the database's clock, ISO 8601. */
    readonly finishedAt: string;
    readonly timings: TimingsView;
    readonly archive: Archive;
  } | null;
}
