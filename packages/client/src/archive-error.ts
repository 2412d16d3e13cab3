import { LongshoreError } from "./longshore-error.ts";

/** What was downloaded is not the archive that the service stored. */
export class ArchiveError extends LongshoreError {
  override readonly name = "ArchiveError";
  readonly code = "archive_damaged";
  readonly advice = "Throw away what was written, and download it again.";
}
