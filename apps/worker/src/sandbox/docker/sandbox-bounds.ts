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
const bytesPerInode = 4_096;

/**
 * The bounds for a Job's limits on an engine with `engineCpus`. More processors than the engine has are cut
 * to what it has, as it refuses a larger bound and the smaller one keeps the promise. An empty file costs
 * about 960 bytes of kernel memory, so inodes are bounded by the memory that pays for them.
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
    workspaceInodes: Math.floor((limits.memory_mb * mebibyte) / bytesPerInode),
    tmpBytes,
    tmpInodes: 8_192,
    shmBytes,
    pids: pids + ownPids.always + pids * ownPids.each,
    nproc: ownNproc ? pids : null,
    cpus: Math.min(limits.cpus, engineCpus),
  };
}
