import { performance } from "node:perf_hooks";

/** How long ago a Lease began to run, as far as this machine's clocks can tell. */
export interface LeaseAge {
  /** A moment, to be given to `begin` when the Lease turns out to run since then. */
  moment(): LeaseMoment;
  begin(since: LeaseMoment): void;
  /** By the monotonic clock, in ms. */
  runningMs(): number;
  /** The most that it can be, in ms: the wall clock goes on while a machine sleeps, the monotonic one does not. */
  mostMs(): number;
}

export interface LeaseMoment {
  readonly monotonic: number;
  readonly wall: number;
}

/** The age of a Lease that was taken at `takenAt`, by performance.now(). */
export function createLeaseAge(takenAt: number): LeaseAge {
  let began: LeaseMoment = { monotonic: takenAt, wall: Date.now() - (performance.now() - takenAt) };
  const runningMs = () => performance.now() - began.monotonic;
  return {
    moment: () => ({ monotonic: performance.now(), wall: Date.now() }),
    begin: (since) => {
      began = since;
    },
    runningMs,
    mostMs: () => Math.max(runningMs(), Date.now() - began.wall),
  };
}
