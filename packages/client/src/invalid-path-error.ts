import { LongshoreError } from "./longshore-error.ts";

/** What was given as a file's path can be none of an archive, and nothing was asked of the service. */
export class InvalidPathError extends LongshoreError {
  override readonly name = "InvalidPathError";
  readonly code = "invalid_path";
  readonly advice = "Give a `path` as `files` tells it, such as `outputs/report.csv`.";

  constructor(given: string, reason: string) {
    super(`${JSON.stringify(given.slice(0, 100))} is no path of a file in an archive: ${reason}`);
  }
}
