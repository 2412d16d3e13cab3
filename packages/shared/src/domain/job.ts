import type { JobFailure } from "./failure.ts";
import type { PipelineNode } from "./job-state.ts";

/** A worker's right to an Attempt until a time of the database's clock. `owner` is the id of a worker process. */
export interface Lease {
  readonly owner: string;
  readonly until: Date;
}

/** Where the zip of an ended Job lies, and what is in it. Sizes are bytes, the hash is hexadecimal SHA-256. */
export interface Archive {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly outputFiles: number;
  readonly outputBytes: number;
}

interface Ended {
  readonly finishedAt: Date;
  readonly expiresAt: Date;
  /** When archive and Events were removed; null while they are there. */
  readonly expiredAt: Date | null;
}

/** What a Job can be. What cannot be written down here can neither be stored nor reached. */
export type JobState =
  | { readonly status: "queued" }
  | { readonly status: "running"; readonly lease: Lease; readonly node: PipelineNode | null }
  | (Ended & { readonly status: "succeeded"; readonly archive: Archive })
  | (Ended & { readonly status: "cancelled"; readonly archive: Archive | null })
  | (Ended & { readonly status: "failed"; readonly archive: Archive | null; readonly failure: JobFailure });
