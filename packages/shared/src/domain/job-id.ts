import { v7, validate } from "uuid";

/** A new Job id: a UUID of version 7, so that ids sort by the time of creation. */
export function newJobId(): string {
  return v7();
}

/** True for any UUID in its usual form; whether a Job has it is another question. */
export function isJobId(text: string): boolean {
  return validate(text);
}
