import type { SandboxUse } from "../sandbox-provider.ts";
import type { Engine } from "./engine.ts";

const useBoundMs = 3_000;

/** What the engine says that the container of that name uses, within 3 s; null where it does not. Never rejects. */
export async function useByName(
  engine: Pick<Engine, "stats">,
  name: string,
  signal: AbortSignal,
): Promise<SandboxUse | null> {
  try {
    return toUse(await engine.stats(name, AbortSignal.any([signal, AbortSignal.timeout(useBoundMs)])));
  } catch {
    return null;
  }
}

/**
 * Reads the engine's answer to `stats` (API 1.41). Memory of the processes is `rss` in cgroup v1, which counts no files,
 * those of a tmpfs neither, and `anon` in v2; where a runtime tells neither, all that is used, but for what is cached of files.
 */
export function toUse(stats: unknown): SandboxUse | null {
  const cpuNs = numberAt(stats, "cpu_stats", "cpu_usage", "total_usage");
  const memory = (name: string) => numberAt(stats, "memory_stats", "stats", name);
  const used = numberAt(stats, "memory_stats", "usage");
  // Of a container that runs no more all is zero, or missing.
  if (cpuNs === null || cpuNs === 0 || used === null) return null;
  const cached = memory("total_inactive_file") ?? memory("inactive_file") ?? 0;
  const memoryBytes = memory("total_rss") ?? memory("anon") ?? Math.max(0, used - cached);
  return { memoryBytes, cpuMs: Math.floor(cpuNs / 1_000_000) };
}

/** What it says there, where that is a number that can be one of bytes or nanoseconds. */
function numberAt(value: unknown, ...path: readonly string[]): number | null {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null) return null;
    at = Object.entries(at).find(([key]) => key === name)?.[1];
  }
  return typeof at === "number" && Number.isFinite(at) && at >= 0 ? Math.floor(at) : null;
}
