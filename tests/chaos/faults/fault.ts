import type { DatabaseObserver } from "../checker/observe-database.ts";
import type { EngineWatch } from "../checker/watch-engine.ts";
import type { Timeline } from "../report/timeline.ts";
import type { Random } from "../seeded-random.ts";
import type { ChaosWorld } from "../world/chaos-world.ts";
import type { WorkerPlace } from "../world/service-place.ts";

/** Whom a fault hit: the workers of these pids, these Jobs, or all that had not ended. */
export type Target = { readonly pids: readonly number[] } | { readonly jobs: readonly string[] } | "all";

export interface FaultContext {
  readonly world: ChaosWorld;
  readonly database: DatabaseObserver;
  readonly engine: EngineWatch;
  readonly timeline: Timeline;
  /** Drawn from the seed for this one injection. */
  readonly random: Random;
  /** How long an outage lasts, drawn from the seed. */
  readonly lengthMs: number;
  /** Aborted when the run ends: outages are then healed early. */
  readonly stop: AbortSignal;
  /** Says that the fault is there now, and whom it hit. May be said once. */
  hit(target: Target): void;
  /** Waits for the outage's length, or the end of the run. */
  last(ms?: number): Promise<void>;
}

/** One kind of fault. */
export interface Fault {
  readonly name: string;
  /** Its row in the matrix of docs/reliability.md. */
  readonly row: number;
  /** Faults of one resource never overlap. */
  readonly resource: string;
  /**
   * From when a Job that was hit is to make progress again: from the hit (a worker that is gone is to be replaced, so
   * that progress is a new owner, a new attempt or an end), or from when the outage is over.
   */
  readonly recovery: "replaced" | "healed";
  readonly lengthMs: readonly [number, number];
  /** Injects it, and resolves when it is over and healed. False where there was nothing to hit. */
  inject(context: FaultContext): Promise<boolean>;
}

/** The workers that are up, and whether they run a Job. */
export async function upWorkers({
  world,
  database,
}: FaultContext): Promise<readonly { readonly worker: WorkerPlace; readonly isBusy: boolean }[]> {
  const running = (await database.unfinished()).flatMap(({ owner }) => (owner === null ? [] : [owner]));
  const up: { readonly worker: WorkerPlace; readonly isBusy: boolean }[] = [];
  for (const worker of world.workers) {
    const owners = await database.ownersOf([worker.process.pid()]);
    if (owners.length === 0) continue;
    up.push({ worker, isBusy: owners.some((owner) => running.includes(owner)) });
  }
  return up;
}

/**
 * A worker that runs a Job; by chance any that is up, where none does. Null where no other is up: on a busy machine a
 * start takes long, and whoever is killed is to have somebody who goes on; what happens without, is for faults that say so.
 */
export async function pickBusyWorker(context: FaultContext): Promise<WorkerPlace | null> {
  const up = await upWorkers(context);
  if (up.length < Math.min(2, context.world.workers.length)) return null;
  const busy = up.filter(({ isBusy }) => isBusy);
  return context.random.pick(busy.length > 0 ? busy : up).worker;
}
