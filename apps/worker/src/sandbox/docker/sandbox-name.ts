import { createHash } from "node:crypto";
import { isJobId } from "@longshore/shared/domain/job-id";

const attemptName = /^\/?longshore-([0-9a-f-]{36})-a([1-9][0-9]{0,8})$/;

/**
 * The container's name of an Attempt. Names are unique on an engine, so that it is the mutex of the Attempt;
 * it also is what `list` reads Job and Attempt from, as labels cannot change when a warm container is handed over.
 */
export function sandboxName(jobId: string, attempt: number): string {
  return `longshore-${jobId}-a${String(attempt)}`;
}

/** The name of a container that waits for a Job. */
export function warmName(uuid: string): string {
  return `longshore-warm-${uuid}`;
}

/** Job and Attempt of a container's name, or null for a warm one and for names of others. */
export function readSandboxName(name: string): { readonly jobId: string; readonly attempt: number } | null {
  const [, jobId, attempt] = attemptName.exec(name) ?? [];
  if (jobId === undefined || attempt === undefined || !isJobId(jobId)) return null;
  return { jobId, attempt: Number(attempt) };
}

const firstUid = 20_000;
const uidCount = 1_000;

/**
 * The user of a Sandbox, 20000 to 20999, by its name. Many users and not one, because the kernel counts
 * inotify instances and pipe pages per user over all containers.
 */
export function sandboxUid(name: string): number {
  return firstUid + (createHash("sha256").update(name).digest().readUInt32BE(0) % uidCount);
}
