import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import { readCounters, readText } from "./read-text.ts";

/** "No limit" is `max` in cgroup v2, and the largest number that is a multiple of a page, or -1, in v1. */
function limit(text: string | null): number | null {
  const value = Number(text?.trim());
  return text !== null && text.trim() !== "" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The limits that the kernel holds this Sandbox to; null where there is none or none can be read. */
export function readCgroup(root = "/sys/fs/cgroup"): SandboxFacts["cgroup"] {
  return {
    memory_bytes: limit(readText(`${root}/memory.max`) ?? readText(`${root}/memory/memory.limit_in_bytes`)),
    pids: limit(readText(`${root}/pids.max`) ?? readText(`${root}/pids/pids.max`)),
    cpus: readCpus(root),
  };
}

function readCpus(root: string): number | null {
  const both = readText(`${root}/cpu.max`)?.trim().split(" ");
  const quota = limit(both?.[0] ?? readText(`${root}/cpu/cpu.cfs_quota_us`));
  const period = limit(both?.[1] ?? readText(`${root}/cpu/cpu.cfs_period_us`));
  return quota === null || period === null || period === 0 ? null : quota / period;
}

/** Processes of this Sandbox that the kernel has killed for memory so far; 0 where it cannot be read. */
export function readOomKills(root = "/sys/fs/cgroup"): number {
  const text = readText(`${root}/memory.events`) ?? readText(`${root}/memory/memory.oom_control`);
  return readCounters(text ?? "").get("oom_kill") ?? 0;
}
