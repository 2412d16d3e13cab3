import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { ComponentState, WorkerReport } from "@longshore/shared/db/worker-report";

export interface CheckReadinessDeps {
  /** The reports of workers that were heard of lately. */
  readonly listReports: () => Promise<readonly WorkerReport[]>;
  /** Rejects, soon, where the queue does not take Messages. */
  readonly pingQueue: () => Promise<void>;
}

export const componentNames = ["database", "queue", "workers", "engine", "models"] as const;

export type Components = Readonly<Record<(typeof componentNames)[number], ComponentState>>;

export interface Readiness {
  /** `unavailable` only where Jobs cannot be accepted or run. */
  readonly status: "ready" | "degraded" | "unavailable";
  readonly components: Components;
}

const ok: ComponentState = { state: "ok", reason: null };

/** Looks at every part of the service. Does not throw for a part that is away. */
export async function checkReadiness({ listReports, pingQueue }: CheckReadinessDeps): Promise<Readiness> {
  const [reports, queue] = await Promise.all([readReports(listReports), checkQueue(pingQueue)]);
  if (reports === null) {
    const unknown: ComponentState = { state: "away", reason: "not known while the database is away" };
    const database: ComponentState = { state: "away", reason: "the database does not answer" };
    return {
      status: "unavailable",
      components: { database, queue, workers: unknown, engine: unknown, models: unknown },
    };
  }
  const components: Components = {
    database: ok,
    queue,
    workers:
      reports.length > 0
        ? ok
        : { state: "away", reason: "no worker was heard of lately: start one, or look at its log" },
    engine: bestOf(reports.map(({ engine }) => engine)),
    models: bestOf(reports.map(({ models }) => models)),
  };
  if (reports.length === 0) return { status: "unavailable", components };
  const allWell = Object.values(components).every(({ state }) => state === "ok");
  return { status: allWell ? "ready" : "degraded", components };
}

async function readReports(listReports: () => Promise<readonly WorkerReport[]>) {
  try {
    return await listReports();
  } catch (error) {
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

async function checkQueue(pingQueue: () => Promise<void>): Promise<ComponentState> {
  try {
    await pingQueue();
    return ok;
  } catch (error) {
    // Jobs are accepted all the same: what is not delivered now is offered again.
    return { state: "away", reason: error instanceof Error ? error.message : "the queue did not answer" };
  }
}

/** What one part of all workers is: well where all are, away where all are. */
function bestOf(states: readonly ComponentState[]): ComponentState {
  const unwell = states.find(({ state }) => state !== "ok");
  if (unwell === undefined) {
    return states.length > 0 ? ok : { state: "away", reason: "not known without a worker" };
  }
  const allAway = states.every(({ state }) => state === "away");
  return { state: allAway ? "away" : "degraded", reason: unwell.reason };
}
