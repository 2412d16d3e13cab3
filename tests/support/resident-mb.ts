import { readFile } from "node:fs/promises";

/** What a process has in memory, in MB, by the kernel. Rejects where it is gone, or on another machine; NaN for a zombie. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}
