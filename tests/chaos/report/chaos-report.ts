import type { FaultSummary } from "./measure-recovery.ts";
import type { Violation } from "./timeline.ts";

/** What a run has found, or several runs together. */
export interface ChaosReport {
  /** Of several runs, all of them. */
  readonly seed: string;
  readonly date: string;
  readonly minutes: number;
  readonly command: string;
  readonly jobs: number;
  readonly ends: Readonly<Record<string, number>>;
  /** How many kinds of fault were injected at least once. */
  readonly kinds: number;
  /** Times that a kind was injected which kills a process or a container. */
  readonly kills: number;
  readonly attempts: { readonly adopted: number; readonly begunAgain: number };
  readonly faults: readonly FaultSummary[];
  /** How often each invariant was broken, by its number in docs/reliability.md; 0 is what none of them names. */
  readonly invariants: Readonly<Record<string, number>>;
  /** Processes that ended without having been asked to: each is a violation, too. */
  readonly crashes: readonly string[];
  readonly violations: readonly (Violation & { readonly seed: string })[];
}

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 0];

export function countBroken(violations: readonly Violation[]): ChaosReport["invariants"] {
  return Object.fromEntries(
    numbers.map((number) => [
      String(number),
      violations.filter(({ invariant }) => invariant === number).length,
    ]),
  );
}
