import { performance } from "node:perf_hooks";
import type { TimingsView } from "@longshore/shared/contracts/job-view";

export type Phase = "sandbox_start" | "analyze" | "steps" | "compile" | "archive";

/** Adds up how long the phases of an Attempt take, in milliseconds of a monotonic clock. */
export interface PhaseTimer {
  time<Value>(phase: Phase, work: () => Promise<Value>): Promise<Value>;
  add(phase: Phase, durationMs: number): void;
  /** What each phase took so far, for who takes over. */
  spent(): Readonly<Record<string, number>>;
  /** Whole milliseconds; null for a phase that did not happen. `queued` and `total` are the caller's. */
  timings(known: Pick<TimingsView, "queued" | "total">): TimingsView;
}

/** A timer that goes on from what an earlier one had counted. */
export function createPhaseTimer(before: Readonly<Record<string, number>> = {}): PhaseTimer {
  const spent = new Map<string, number>(Object.entries(before));
  const add = (phase: Phase, durationMs: number): void => {
    spent.set(phase, (spent.get(phase) ?? 0) + durationMs);
  };
  const rounded = (phase: Phase): number | null => {
    const value = spent.get(phase);
    return value === undefined ? null : Math.round(value);
  };
  return {
    add,
    spent: () => Object.fromEntries(spent),
    time: async (phase, work) => {
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        add(phase, performance.now() - startedAt);
      }
    },
    timings: ({ queued, total }) => ({
      queued,
      sandbox_start: rounded("sandbox_start"),
      analyze: rounded("analyze"),
      steps: rounded("steps"),
      compile: rounded("compile"),
      archive: rounded("archive"),
      total,
    }),
  };
}
