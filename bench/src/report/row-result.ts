import type { Figure } from "../figures/figure.ts";
import type { Row } from "../row.ts";
import type { Machine } from "./read-machine.ts";

/** How a run was made. */
export interface RunFacts {
  readonly measured_at: string;
  readonly command: string;
  readonly commit: string | null;
  readonly quick: boolean;
  readonly machine: Machine;
}

/** What became of a row in a run. */
export interface RowResult
  extends RunFacts, Pick<Row, "number" | "name" | "what" | "method" | "peer" | "bar"> {
  /** Seconds that it took, services and warm-ups included. */
  readonly seconds: number;
  readonly figures: readonly Figure[];
  /** Why there are none; null where it was measured. */
  readonly failure: string | null;
}

export interface RowOutcome {
  readonly seconds: number;
  readonly figures: readonly Figure[];
  readonly failure: string | null;
}

export function toRowResult(
  { number, name, what, method, peer, bar }: Row,
  run: RunFacts,
  outcome: RowOutcome,
): RowResult {
  return { number, name, what, method, peer, bar, ...run, ...outcome };
}
