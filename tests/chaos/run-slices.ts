import { join } from "node:path";
import { root } from "../../scripts/root.ts";
import type { ChaosOptions } from "./chaos-options.ts";
import { type ChaosReport, countBroken } from "./report/chaos-report.ts";
import { mergeReports } from "./report/merge-reports.ts";
import { runChaos } from "./run-chaos.ts";

export interface SlicesRun {
  readonly options: ChaosOptions;
  /** Called after each slice but the last with what there is by then. */
  readonly keep: (soFar: ChaosReport) => Promise<void>;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs one service after the other, each anew, and gives one report over all. A slice that could not be run is a
 * violation, and the next one begins.
 */
export async function runSlices({ options, keep, say, stop }: SlicesRun): Promise<ChaosReport> {
  const { seed, slices } = options;
  const reports: ChaosReport[] = [];
  for (let slice = 1; slice <= slices && !stop.aborted; slice += 1) {
    const own = { ...options, seed: slices === 1 ? seed : `${seed}-${String(slice)}` };
    const day = new Date().toISOString().replaceAll(/[:.]/g, "-").slice(0, 19);
    const folder = join(root, ".longshore", "chaos", `${day}-seed-${own.seed}`);
    try {
      reports.push(await runChaos({ options: own, folder, say, stop }));
    } catch (error) {
      if (stop.aborted) break;
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say(`  ✗ the run with seed ${own.seed} broke off: ${message}`);
      reports.push(brokenOff(own, message));
    }
    say(`Report: ${folder}`);
    if (slice < slices) await keep(mergeReports(reports));
  }
  return mergeReports(reports);
}

function brokenOff({ seed }: ChaosOptions, message: string): ChaosReport {
  const at = Date.now();
  const violations = [{ invariant: 0, jobId: null, message: `the run broke off: ${message}`, at, seed }];
  return {
    ...{ seed, date: new Date(at).toISOString().slice(0, 16), minutes: 0, command: "", jobs: 0, ends: {} },
    ...{ kinds: 0, kills: 0, attempts: { adopted: 0, begunAgain: 0 }, faults: [], crashes: [] },
    ...{ violations, invariants: countBroken(violations) },
  };
}
