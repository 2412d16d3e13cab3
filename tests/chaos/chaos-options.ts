import { parseArgs } from "node:util";
import { readPositive } from "../../scripts/terminal/command-line.ts";

export interface ChaosOptions {
  readonly seed: string;
  /** How long load and faults last; setting up, settling and checking come on top. */
  readonly minutes: number;
  /** Names of faults; empty means all. */
  readonly faults: readonly string[];
  /** So many runs one after the other, each as long, with seeds of their own. */
  readonly slices: number;
  /** Reports of earlier runs (`--json`) to make one of, in the place of a run. */
  readonly merge: readonly string[];
  /** A file for the report, beside the folder. */
  readonly json: string | null;
  /** The engine is restarted for real: only where nothing else uses it. */
  readonly engineRestart: boolean;
  readonly workers: number;
  readonly clients: number;
  /** Mean time between two faults. */
  readonly gapMs: number;
}

export const usage = `npm run chaos [-- OPTIONS]: jobs on separate processes, while real faults are done to them; docs/reliability.md
  --minutes M        how long load and faults last (5); setting up, settling and checking come on top
  --seed S           the same faults at the same times again; the report says which it was
  --faults a,b       these alone; all, if left out
  --list             says which faults there are
  --gap-seconds N    the mean time between two faults (4)
  --workers N        how many workers (3)
  --clients N        how many clients (16)
  --slices N         so many runs one after the other, each with a seed of its own (1)
  --json FILE        the report for machines
  --engine-restart   the engine is restarted, too: only where nothing else uses it
  --merge a,b        makes one report of those of earlier runs (--json), and runs nothing
  --trial NAME       one of the acceptance trials instead; --trial --help lists them`;

/** Reads the command line; throws what `readCommandLine` knows where it is wrong. */
export function readChaosOptions(args: readonly string[]): ChaosOptions & { readonly list: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
      minutes: { type: "string", default: "5" },
      slices: { type: "string", default: "1" },
      merge: { type: "string", default: "" },
      faults: { type: "string", default: "" },
      json: { type: "string" },
      workers: { type: "string", default: "3" },
      clients: { type: "string", default: "16" },
      "gap-seconds": { type: "string", default: "4" },
      "engine-restart": { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  return {
    seed: values.seed,
    minutes: readPositive("minutes", values.minutes),
    slices: Math.ceil(readPositive("slices", values.slices)),
    merge: values.merge.split(",").filter((file) => file !== ""),
    faults: values.faults.split(",").filter((name) => name !== ""),
    json: values.json ?? null,
    engineRestart: values["engine-restart"],
    workers: readPositive("workers", values.workers),
    clients: readPositive("clients", values.clients),
    gapMs: readPositive("gap-seconds", values["gap-seconds"]) * 1_000,
    list: values.list,
  };
}
