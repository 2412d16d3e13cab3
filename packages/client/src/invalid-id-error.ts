import { LongshoreError } from "./longshore-error.ts";

/** What was given as a job's id is none, and nothing was asked of the service. */
export class InvalidIdError extends LongshoreError {
  override readonly name = "InvalidIdError";
  /** As the service says it. */
  readonly code = "invalid_id";
  readonly advice = "Give the `job_id` of what was scheduled, or of a job in the list.";

  constructor(given: string) {
    super(`${JSON.stringify(given.slice(0, 100))} is no id of a job: it is no UUID`);
  }
}
