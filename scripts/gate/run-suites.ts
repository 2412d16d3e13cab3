import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** All suites have this long; each test and hook has its own bound, so this is for a runner that hangs. */
const SUITES_LIMIT_MS = 40 * 60_000;
/** A test that runs may still end (30 s), and what was started is torn down. */
const KILL_AFTER_MS = 60_000;

/** Runs all suites by vitest, its output shown as it comes, and gives the totals that its reporter wrote. */
export async function runSuites(
  root: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  stop: AbortSignal,
) {
  const folder = await mkdtemp(join(tmpdir(), "longshore-tests-"));
  try {
    const file = join(folder, "totals");
    const code = await runVitest(root, { ...env, LONGSHORE_TOTALS_FILE: file }, args, stop);
    const counted = await readTotals(file);
    // A runner that ends badly without a failed test has failed all the same.
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readTotals(file: string): Promise<Totals> {
  const text = await readFile(file, "utf8").catch(() => null);
  const [passed, failed] = text?.match(/\d+/g)?.map(Number) ?? [];
  return passed === undefined || failed === undefined ? { passed: 0, failed: 1 } : { passed, failed };
}

function runVitest(
  root: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  stop: AbortSignal,
): Promise<number> {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve) => {
    let killTimer: NodeJS.Timeout | undefined;
    const end = () => {
      if (child.connected) child.disconnect(); // its reporter then cancels the run, and all is torn down
      killTimer ??= setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
    };
    const limit = setTimeout(end, SUITES_LIMIT_MS);
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    const done = (code: number) => {
      clearTimeout(limit);
      clearTimeout(killTimer);
      resolve(code);
    };
    child.once("error", () => done(1));
    child.once("exit", (code) => done(code ?? 1));
  });
}
