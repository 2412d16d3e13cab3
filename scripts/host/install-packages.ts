import { readFile } from "node:fs/promises";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Note, Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";
import { lastLines, runProgram } from "./run-program.ts";

const UPDATE_LIMIT_MS = 3 * 60_000;
const INSTALL_LIMIT_MS = 10 * 60_000;

/** True where packages can be installed without asking anybody: root on Debian or Ubuntu. */
export async function canInstallPackages(): Promise<boolean> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

/** Installs Debian packages by apt-get, saying so. Only for where `canInstallPackages` is true. */
export function installPackages(
  names: readonly string[],
  progress: Progress,
): Promise<Result<null, SetupFault>> {
  return progress.phase(`Installing ${names.join(", ")} (apt-get, as root)`, async (note) => {
    await aptGet(["update"], UPDATE_LIMIT_MS, note); // a failure here shows in the next line, if it matters
    const { code, output } = await aptGet(
      ["install", "-y", "--no-install-recommends", ...names],
      INSTALL_LIMIT_MS,
      note,
    );
    if (code === 0) return succeed(null);
    const fault = systemFault(`apt-get install ${names.join(" ")}`, lastLines(output));
    if (!/Could not resolve|Unable to locate|Failed to fetch|Unable to connect/i.test(output))
      return fail(fault);
    return fail({
      what: fault.what,
      advice: `Debian's package archive cannot be reached. Check the network, or install ${names.join(", ")} by hand.`,
    });
  });
}

function aptGet(args: readonly string[], limitMs: number, note: Note) {
  return runProgram("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", ...args], {
    limitMs,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    onOutput: (text) => note(lastLines(text, 1)),
  });
}
