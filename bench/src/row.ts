import type { Bench } from "./bench.ts";
import type { Figure } from "./figures/figure.ts";
import type { SharedServiceName } from "./world/service-options.ts";

/** One line of the table of benchmarks: what is measured, how, beside whom, and what is to be reached. */
export interface Row {
  readonly number: number;
  readonly name: string;
  readonly what: string;
  readonly method: string;
  readonly peer: string;
  readonly bar: string;
  /** Services that it measures, beside what it opens itself. */
  readonly services: readonly SharedServiceName[];
  measure(bench: Bench): Promise<readonly Figure[]>;
}
