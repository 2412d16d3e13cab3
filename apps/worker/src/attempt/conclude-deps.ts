import type { JobFailure } from "@longshore/shared/domain/failure";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import type { AttemptStore } from "./attempt-store.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import type { StoreArchive } from "./store-archive.ts";

/** What an Attempt is ended with. */
export interface ConcludeDeps {
  readonly store: AttemptStore;
  readonly storeArchive: StoreArchive;
  readonly retentionDays: number;
  readonly newArchiveKey: (attempt: OpenAttempt["fence"]) => string;
  readonly onEnd: (status: TerminalStatus, failure: JobFailure | null) => void;
}
