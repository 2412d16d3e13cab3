import type { Random } from "../seeded-random.ts";
import type { TrialReport } from "./trial-report.ts";
import type { TrialWorld, TrialWorldOptions } from "./trial-world.ts";

/** What the command line says of a trial; a trial looks at what concerns it. */
export interface TrialOptions {
  /** Samples of `recovery`, cancels of `cancels`; null: the trial's own number. */
  readonly count: number | null;
  /** How long `soak` goes on. */
  readonly minutes: number;
  /** How long Redis or Postgres is away, in seconds. */
  readonly downSeconds: number;
  /** Requests a second while Redis is away. */
  readonly rate: number;
  /** Redis comes back without what it held. */
  readonly empty: boolean;
}

export interface TrialContext {
  readonly options: TrialOptions;
  readonly world: TrialWorld;
  readonly report: TrialReport;
  readonly random: Random;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/** One line of the acceptance list, tried on a service of its own. */
export interface Trial {
  readonly name: string;
  /** What is done, and what is to be true then. */
  readonly about: string;
  readonly world: Pick<TrialWorldOptions, "workers" | "env" | "ownEngine" | "models">;
  /** Does it, and puts figures into the report. */
  run(context: TrialContext): Promise<void>;
}
