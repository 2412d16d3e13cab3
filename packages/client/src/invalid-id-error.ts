import { LongshoreError } from "./longshore-error.ts";

/** What was given as an id or a name is none, and nothing was asked of the service. */
export class InvalidIdError extends LongshoreError {
  override readonly name = "InvalidIdError";
  /** As the service says it. */
  readonly code = "invalid_id";
  readonly advice: string;

  /** `why` it is none, where it is not to be the id of a job. */
  constructor(given: string, why?: string) {
    super(
      `${JSON.stringify(given.slice(0, 100))} ${why === undefined ? "is no id of a job: it is no UUID" : `cannot be asked for: ${why}`}`,
    );
    this.advice =
      why === undefined
        ? "Give the `job_id` of what was scheduled, or of a job in the list."
        : "Give it as the list of keys or of tenants has it.";
  }
}
