import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * A text that stays the same as long as this very process lives, and that a later process with the same pid does
 * not have: its start time. Null where no such process runs; a zombie does not run.
 */
export async function readProcessIdentity(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === "ESRCH") return null; // EPERM: it lives, and is somebody else's
  }
  return process.platform === "linux" ? readFromProc(pid) : readFromPs(pid);
}

async function readFromProc(pid) {
  try {
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything; state is field 3 and the start time field 22 of proc(5).
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
    return `${boot.trim()}/${fields[19]}`;
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return null;
    throw error;
  }
}

async function readFromPs(pid) {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
    const [state, ...started] = stdout.trim().split(/\s+/);
    return state === undefined || state.startsWith("Z") ? null : started.join(" ");
  } catch (error) {
    if (error.code === 1) return null; // ps: no such process
    throw error;
  }
}
