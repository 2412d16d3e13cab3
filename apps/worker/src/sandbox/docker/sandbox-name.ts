import { createHash } from "node:crypto";
import { isJobId } from "@longshore/shared/domain/job-id";

const attemptName = /^\/?longshore-([0-9a-f-]{36})-a([1-9][0-9]{0,8})(?:-e([1-9][0-9]{0,8}))?$/;

/** What a container's name says: whose it is, and how often it was adopted. */
export interface NamedSandbox {
  readonly jobId: string;
  readonly attempt: number;
  /** 0 with the owner that started it. */
  readonly epoch: number;
}

/**
 * The container's name of an Attempt. Names are unique on an engine, so that it is the mutex of the Attempt;
 * it also is what `list` reads Job and Attempt from, as labels cannot change when a warm container is handed over.
 * Each later owner gives it a name of its own: what the earlier ones ask of theirs then finds nothing.
 */
export function sandboxName(jobId: string, attempt: number, epoch = 0): string {
  const name = `longshore-${jobId}-a${String(attempt)}`;
  return epoch === 0 ? name : `${name}-e${String(epoch)}`;
}

/** The name of a container that waits for a Job. */
export function warmName(uuid: string): string {
  return `longshore-warm-${uuid}`;
}

/** Null for the name of a warm container, and for names of others. */
export function readSandboxName(name: string): NamedSandbox | null {
  const [, jobId, attempt, epoch] = attemptName.exec(name) ?? [];
  if (jobId === undefined || attempt === undefined || !isJobId(jobId)) return null;
  return { jobId, attempt: Number(attempt), epoch: Number(epoch ?? 0) };
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

/** True for the `User` of a container ("20123:20123") that is one of a Sandbox. */
export function isSandboxUser(user: string): boolean {
  const [, uid, gid] = /^(\d{1,9}):(\d{1,9})$/.exec(user) ?? [];
  return uid === gid && Number(uid) >= firstUid && Number(uid) < firstUid + uidCount;
}
