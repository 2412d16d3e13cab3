import { parseArgs } from "node:util";

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

export const usage = `npm run chaos -- [--seed S] [--minutes M] [--slices N] [--faults a,b] [--json file] [--workers N] [--clients N]
                  [--gap-seconds N] [--engine-restart] [--list]
npm run chaos -- --merge a.json,b.json [--json file]`;

/** Reads the command line; what is wrong with it is thrown as an Error whose message says so. */
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
    minutes: positive("minutes", values.minutes),
    slices: Math.ceil(positive("slices", values.slices)),
    merge: values.merge.split(",").filter((file) => file !== ""),
    faults: values.faults.split(",").filter((name) => name !== ""),
    json: values.json ?? null,
    engineRestart: values["engine-restart"],
    workers: positive("workers", values.workers),
    clients: positive("clients", values.clients),
    gapMs: positive("gap-seconds", values["gap-seconds"]) * 1_000,
    list: values.list,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${JSON.stringify(text)}`);
  return value;
}
