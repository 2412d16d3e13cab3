import { type JobFailure, toStorableFailure } from "@longshore/shared/domain/failure";
import type { OpenAttempt } from "./open-attempt.ts";

/** The failure as it may be stored and shown: parts of its message come from models and from Sandboxes. */
export function toShownFailure({ mask }: Pick<OpenAttempt, "mask">, failure: JobFailure): JobFailure {
  return toStorableFailure({ ...failure, message: mask.text(failure.message) });
}
