import type { DatabaseObserver, Transition } from "../checker/observe-database.ts";
import type { Injection } from "../faults/run-schedule.ts";
import type { Violation } from "./timeline.ts";

/** What became of the Jobs that one kind of fault hit. Times in milliseconds. */
export interface FaultSummary {
  readonly fault: string;
  readonly row: number;
  readonly times: number;
  readonly jobs: number;
  /** Jobs of a lost worker that went on in their container, and those that began again in another. */
  readonly adopted: number;
  readonly begunAgain: number;
  /** The recoveries of the Jobs that no other outage disturbed before they had recovered, in ascending order. */
  readonly aloneMs: readonly number[];
  /** Of these; `count` is how many. */
  readonly recoveryMs: {
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
  } | null;
  /** Of every Job, whatever else was broken at that time. */
  readonly worstMs: number | null;
  /** Violations of Jobs that it hit. */
  readonly broken: number;
}

type TimedTransition = Transition & { readonly at: number };
type History = ReadonlyMap<string, readonly TimedTransition[]>;

interface Recovery {
  readonly jobId: string;
  /** Null where it made no progress after the fault. */
  readonly ms: number | null;
  readonly how: "adopted" | "begun again" | "went on";
  readonly isAlone: boolean;
}

export interface MeasureDeps {
  readonly injections: readonly Injection[];
  readonly database: DatabaseObserver;
  readonly ownersByPid: ReadonlyMap<number, readonly string[]>;
  readonly violations: readonly Violation[];
}

const terminal = new Set(["succeeded", "failed", "cancelled"]);
/** Faults of these keep Jobs from going on; another one in the same time makes a recovery no figure of the first. */
const disturbing = new Set([
  "worker",
  "worker stop",
  "worker wire",
  "worker frozen",
  "clock",
  "redis",
  "postgres",
  "engine",
]);

/** Measures from the rows alone, after the run: what the database saw when. */
export async function measureRecovery(deps: MeasureDeps): Promise<readonly FaultSummary[]> {
  const history = new Map<string, TimedTransition[]>();
  for (const each of await deps.database.history()) {
    const list = history.get(each.jobId) ?? [];
    history.set(each.jobId, list);
    list.push(each);
  }
  const { injections } = deps;
  const names = [...new Set(injections.map(({ fault }) => fault.name))].toSorted();
  const summaries: FaultSummary[] = [];
  for (const name of names) {
    const own = injections.filter(({ fault }) => fault.name === name);
    const recoveries: Recovery[] = [];
    for (const injection of own) recoveries.push(...(await recoveriesOf(injection, history, deps)));
    summaries.push(summarise(name, own, recoveries, deps.violations));
  }
  return summaries;
}

async function recoveriesOf(
  injection: Injection,
  history: History,
  { injections, database, ownersByPid }: MeasureDeps,
): Promise<readonly Recovery[]> {
  const { fault, hitAt, healedAt, target } = injection;
  const from = fault.recovery === "replaced" ? hitAt : healedAt;
  const pids = typeof target === "object" && "pids" in target ? target.pids : [];
  const owners = pids.flatMap((pid) => ownersByPid.get(pid) ?? []);
  const isAlone = (until: number) =>
    !injections.some(
      (other) =>
        other !== injection &&
        disturbing.has(other.fault.resource) &&
        other.healedAt >= hitAt &&
        other.hitAt <= until,
    );
  const recovery = (jobId: string, at: number | undefined, how: Recovery["how"]): Recovery => ({
    ...{ jobId, how },
    ms: at === undefined ? null : at - from,
    isAlone: isAlone(at ?? Date.now()),
  });
  const touched = [...history].filter(([jobId, transitions]) => {
    const last = transitions.findLast(({ at }) => at <= hitAt);
    if (typeof target === "object" && "jobs" in target) return target.jobs.includes(jobId);
    if (last === undefined || terminal.has(last.toStatus)) return false;
    return target === "all" || (last.owner !== null && owners.includes(last.owner));
  });
  if (fault.recovery === "replaced")
    return touched.map(([jobId, transitions]) => {
      const { at, how } = replacedAfter(transitions, from, owners);
      return recovery(jobId, at, how);
    });
  const waiting = touched.flatMap(([jobId, transitions]) =>
    transitions.some(({ at, toStatus }) => at <= from && terminal.has(toStatus)) ? [] : [jobId],
  );
  const events = await database.firstEventsAfter(waiting, from);
  const firsts = new Map(events.map(({ jobId, at }) => [jobId, at]));
  return waiting.map((jobId) => recovery(jobId, firsts.get(jobId), "went on"));
}

/** When a Job whose owner was lost had another one that went on with it, or had ended. */
function replacedAfter(
  transitions: readonly TimedTransition[],
  from: number,
  owners: readonly string[],
): { readonly at: number | undefined; readonly how: Recovery["how"] } {
  const after = transitions.filter(({ at }) => at > from);
  for (const [index, { at, toStatus, fromStatus, owner, previousOwner }] of after.entries()) {
    if (terminal.has(toStatus)) {
      const isOwn = previousOwner !== null && owners.includes(previousOwner);
      return { how: isOwn ? "went on" : "adopted", at };
    }
    if (fromStatus === "queued" && toStatus === "running") return { how: "begun again", at };
    const isTaken = toStatus === "running" && owner !== null && !owners.includes(owner);
    // Taken over only to be given up is not yet progress.
    if (isTaken && after[index + 1]?.toStatus !== "queued") return { how: "adopted", at };
  }
  return { how: "went on", at: undefined };
}

/** Of times in ascending order; null where there are none. */
export function toRecovery(times: readonly number[]): FaultSummary["recoveryMs"] {
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return times.length === 0 ? null : { count: times.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

function summarise(
  fault: string,
  injections: readonly Injection[],
  recoveries: readonly Recovery[],
  violations: readonly Violation[],
): FaultSummary {
  const timesOf = (some: readonly Recovery[]) =>
    some.flatMap(({ ms }) => (ms === null ? [] : [Math.round(ms)])).toSorted((a, b) => a - b);
  const times = timesOf(recoveries.filter(({ isAlone }) => isAlone));
  const count = (how: Recovery["how"]) => recoveries.filter((each) => each.how === how).length;
  const touched = new Set<string | null>(recoveries.map(({ jobId }) => jobId));
  return {
    ...{ fault, row: injections[0]?.fault.row ?? 0, times: injections.length, jobs: touched.size },
    ...{ adopted: count("adopted"), begunAgain: count("begun again") },
    ...{ aloneMs: times, recoveryMs: toRecovery(times) },
    worstMs: timesOf(recoveries).at(-1) ?? null,
    broken: violations.filter(({ jobId }) => touched.has(jobId)).length,
  };
}
