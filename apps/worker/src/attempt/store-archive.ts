import type { JobLimits } from "@longshore/shared/domain/limits";
import type { Archive } from "@longshore/shared/domain/job";
import type { LogLine } from "@longshore/shared/contracts/log-line";
import type { Result } from "@longshore/shared/domain/result";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";

/**
 * What was taken of /workspace. `tooLarge` says which bound it went over, `damaged` why it broke off before its end; each is
 * null where that did not happen.
 */
export interface TakenOutputs {
  readonly files: number;
  readonly bytes: number;
  readonly tooLarge: string | null;
  readonly damaged: string | null;
}

export interface ArchiveRequest {
  /** The archive's name in the blob store: ours, and of this Attempt alone. */
  readonly key: string;
  readonly jobId: string;
  /** Null where there is nothing to take outputs from. */
  readonly sandbox: Pick<Sandbox, "takeOutputs"> | null;
  readonly limits: JobLimits;
  readonly createdAt: Date;
  /** The whole log as it is on disk; called more than once. */
  readonly logs: () => AsyncIterable<LogLine>;
  readonly plan: object;
  /** True where what can be taken in less than a second has to do. */
  readonly hurried: () => boolean;
  /** Aborts where the Attempt is to stop while its outputs are being taken. */
  readonly stopping: AbortSignal;
  /** Aborts where nothing may be written any more. */
  readonly fenced: AbortSignal;
  /** The final status, made once the outputs are taken; it goes into the archive as result.json. */
  readonly result: (taken: TakenOutputs) => Promise<object>;
}

/** Stores a Job's archive under its final name, or says in a sentence why it could not, and leaves nothing then. */
export type StoreArchive = (request: ArchiveRequest) => Promise<Result<Archive, string>>;
