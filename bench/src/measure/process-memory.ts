import { readFile } from "node:fs/promises";
import { residentMb } from "../../../tests/support/resident-mb.ts";

const everyMs = 100;

/** What a process has for itself alone, in MB: files that others run from as well are left out. */
export async function unsharedMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${String(pid)}/smaps_rollup`, "utf8");
  const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map(([, kB]) =>
    Number(kB),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1_024;
}

/** Does the work, and says by how many MB a process has grown at most meanwhile. */
export async function growthDuring<Value>(
  pid: number,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly grownMb: number }> {
  const before = await residentMb(pid);
  let most = before;
  const look = async () => void (most = Math.max(most, await residentMb(pid).catch(() => 0)));
  const timer = setInterval(() => void look(), everyMs);
  try {
    const value = await work();
    await look();
    return { value, grownMb: most - before };
  } finally {
    clearInterval(timer);
  }
}
