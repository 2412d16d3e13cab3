import type { JobRecord } from "@longshore/shared/db/job-record";

/** True where retention has removed the Job's Events and Archive. */
export function isExpired({ state }: JobRecord): boolean {
  return "expiredAt" in state && state.expiredAt !== null;
}
