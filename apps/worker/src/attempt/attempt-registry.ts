import type { StopReason } from "./stop-reason.ts";

/** An Attempt that runs in this process. */
export interface RunningAttempt {
  readonly jobId: string;
  readonly attempt: number;
  stop(reason: StopReason, at?: Date): void;
}

/** The Attempts that run in this process: who is to be told of a cancel, and what no sweep may touch. */
export interface AttemptRegistry {
  /** Registers an Attempt; the returned function takes it out again. */
  add(attempt: RunningAttempt): () => void;
  has(jobId: string, attempt: number): boolean;
  /** `at` is when a cancel was asked for. */
  stop(jobId: string, reason: StopReason, at?: Date): void;
  jobIds(): readonly string[];
  stopAll(reason: StopReason): void;
  count(): number;
  /** Resolves true when nothing runs any more, false when `boundMs` is over first. */
  idle(boundMs: number): Promise<boolean>;
}

/** An empty registry. */
export function createAttemptRegistry(): AttemptRegistry {
  const running = new Set<RunningAttempt>();
  const waiting = new Set<() => void>();
  return {
    add: (attempt) => {
      running.add(attempt);
      return () => {
        running.delete(attempt);
        if (running.size === 0) for (const wake of waiting) wake();
      };
    },
    has: (jobId, attempt) => [...running].some((each) => each.jobId === jobId && each.attempt === attempt),
    stop: (jobId, reason, at) => {
      for (const each of running) if (each.jobId === jobId) each.stop(reason, at);
    },
    jobIds: () => [...running].map(({ jobId }) => jobId),
    stopAll: (reason) => {
      for (const each of running) each.stop(reason);
    },
    count: () => running.size,
    idle: (boundMs) => {
      if (running.size === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = (idle: boolean) => {
          waiting.delete(wake);
          clearTimeout(timer);
          resolve(idle);
        };
        const wake = () => finish(true);
        const timer = setTimeout(() => finish(false), boundMs);
        waiting.add(wake);
      });
    },
  };
}
