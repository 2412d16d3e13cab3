import type { SandboxSpec } from "../sandbox-provider.ts";
import type { RuntimeTraits } from "./runtime-traits.ts";

export type SandboxLimits = SandboxSpec["limits"];

/** What a Sandbox may use, in the units of the kernel: the one source of its create options and of its checks. */
export interface SandboxBounds {
  /** Of the whole cgroup: the Job's memory, all of its tmpfs, which are memory too, and what the agent needs. */
  readonly memoryBytes: number;
  readonly workspaceBytes: number;
  readonly workspaceInodes: number;
  readonly tmpBytes: number;
  readonly tmpInodes: number;
  readonly shmBytes: number;
  /** The Job's, those of init and agent, and what the runtime needs beside them. */
  readonly pids: number;
  /** RLIMIT_NPROC: the Job's and those of init and agent. Null where it would count over all Sandboxes of a user. */
  readonly nproc: number | null;
  readonly cpus: number;
}

const mebibyte = 1_048_576;
const tmpBytes = 64 * mebibyte;
const shmBytes = 64 * mebibyte;
const overheadBytes = 64 * mebibyte;
const agentPids = 16;
const inodesPerMebibyte = 256;
/** What the least memory that a Job can have pays for. */
const fewestInodes = 16_384;

/**
 * The bounds for a Job's limits on an engine with `engineCpus`. More processors than the engine has are cut
 * to what it has, as it refuses a larger bound and the smaller one keeps the promise. An empty file costs
 * about 960 bytes of kernel memory, so inodes are bounded by the memory that pays for them: one for each 4 KiB. And by
 * the disk likewise, of which a file that is not empty takes 4 KiB: so Jobs with more memory than disk, as most have,
 * differ in nothing that a started Sandbox cannot be given.
 */
export function sandboxBounds(
  limits: SandboxLimits,
  engineCpus: number,
  { ownPids, ownNproc }: Pick<RuntimeTraits, "ownPids" | "ownNproc">,
): SandboxBounds {
  const workspaceBytes = limits.disk_mb * mebibyte;
  const pids = limits.pids + agentPids;
  return {
    memoryBytes: limits.memory_mb * mebibyte + workspaceBytes + tmpBytes + shmBytes + overheadBytes,
    workspaceBytes,
    workspaceInodes: Math.min(
      limits.memory_mb * inodesPerMebibyte,
      Math.max(limits.disk_mb * inodesPerMebibyte, fewestInodes),
    ),
    tmpBytes,
    tmpInodes: 8_192,
    shmBytes,
    pids: pids + ownPids.always + pids * ownPids.each,
    nproc: ownNproc ? pids : null,
    cpus: Math.min(limits.cpus, engineCpus),
  };
}

/**
 * Names what of the bounds a started Sandbox cannot be given any more: the same for two that it can be changed between.
 * Under a runtime that is not known to take other bounds while it runs, that is all of them.
 */
export function sandboxShape(
  limits: SandboxLimits,
  traits: Pick<RuntimeTraits, "ownPids" | "ownNproc" | "takesBounds">,
): string {
  const bounds = sandboxBounds(limits, limits.cpus, traits);
  const {
    workspaceBytes,
    workspaceInodes,
    tmpBytes: temporaryBytes,
    tmpInodes,
    shmBytes: sharedBytes,
  } = bounds;
  const lasting = [workspaceBytes, workspaceInodes, temporaryBytes, tmpInodes, sharedBytes];
  return (traits.takesBounds ? lasting : Object.values(bounds)).join(" ");
}
