import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { describeDatabaseFault } from "@longshore/shared/db/describe-database-fault";
import type { ComponentState, WorkerReport } from "@longshore/shared/db/worker-report";

export interface CheckReadinessDeps {
  /** The reports of workers that were heard of lately. */
  readonly listReports: () => Promise<readonly WorkerReport[]>;
  /** Rejects, soon, where the queue does not take Messages. */
  readonly pingQueue: () => Promise<void>;
  /** How the place is where archives lie, as this process sees it. */
  readonly checkStorage: () => Promise<ComponentState>;
  /** What requests met of the database in the last seconds; null where nothing. */
  readonly databaseTrouble: () => string | null;
}

export const componentNames = ["database", "queue", "workers", "engine", "models", "storage"] as const;

export type Components = Readonly<Record<(typeof componentNames)[number], ComponentState>>;

export interface Readiness {
  /** `unavailable` only where Jobs cannot be accepted or run. */
  readonly status: "ready" | "degraded" | "unavailable";
  readonly components: Components;
}

const ok: ComponentState = { state: "ok", reason: null };
const unknown: ComponentState = { state: "away", reason: "not known without a worker" };
const unknowable: ComponentState = { state: "away", reason: "not known while the database is away" };

/** Looks at every part of the service. Does not throw for a part that is away. */
export async function checkReadiness(deps: CheckReadinessDeps): Promise<Readiness> {
  const [reports, queue, storage] = await Promise.all([
    readReports(deps.listReports),
    checkQueue(deps.pingQueue),
    deps.checkStorage(),
  ]);
  if (!("live" in reports)) {
    const seen = { database: reports, queue, storage };
    const components = { ...seen, workers: unknowable, engine: unknowable, models: unknowable };
    return { status: "unavailable", components };
  }
  const { live } = reports;
  const trouble = deps.databaseTrouble();
  const components: Components = {
    database: trouble === null ? ok : { state: "degraded", reason: trouble },
    queue: worstOf(queue, ofAll(live.map((report) => report.queue)) ?? ok),
    workers: ofWorkers(live),
    engine: ofAll(live.map(({ engine }) => engine)) ?? unknown,
    models: ofAll(live.map(({ models }) => models)) ?? unknown,
    storage: worstOf(storage, ofAll(live.map((report) => report.storage ?? ok)) ?? ok),
  };
  if (components.workers.state === "away") return { status: "unavailable", components };
  const allWell = Object.values(components).every(({ state }) => state === "ok");
  return { status: allWell ? "ready" : "degraded", components };
}

/** The reports, or how the database is that has them. */
async function readReports(
  listReports: CheckReadinessDeps["listReports"],
): Promise<{ readonly live: readonly WorkerReport[] } | ComponentState> {
  try {
    return { live: await listReports() };
  } catch (error) {
    if (isDatabaseAway(error)) return { state: "away", reason: describeDatabaseFault(error) };
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

/** Whether there is somebody to run Jobs. A worker that stops or drains is no such one. */
function ofWorkers(live: readonly WorkerReport[]): ComponentState {
  if (live.length === 0) {
    return { state: "away", reason: "no worker was heard of lately: start one, or look at its log" };
  }
  const leaving: ComponentState = { state: "away", reason: "stopping, and takes no more jobs" };
  return ofAll(live.map(({ taking = true }) => (taking ? ok : leaving))) ?? ok;
}

/** What one component of all workers is: well where all are, away where all are; null where there is none. */
function ofAll(states: readonly ComponentState[]): ComponentState | null {
  if (states.length === 0) return null;
  const unwell = states.filter(({ state }) => state !== "ok");
  const worst = unwell.find(({ state }) => state === "away") ?? unwell[0];
  if (worst === undefined) return ok;
  const allAway = states.every(({ state }) => state === "away");
  const of =
    unwell.length === states.length ? "" : `${String(unwell.length)} of ${String(states.length)} workers: `;
  return { state: allAway ? "away" : "degraded", reason: `${of}${worst.reason ?? worst.state}` };
}

function worstOf(one: ComponentState, other: ComponentState): ComponentState {
  if (one.state === "away" || other.state === "ok") return one;
  return other.state === "away" || one.state === "ok" ? other : one;
}
