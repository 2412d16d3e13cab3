import {
  hasEnded,
  hasEndedUnder,
  type JobRow,
  type Place,
  type Rules,
  type Run,
  type State,
} from "./state.ts";

/**
 * The state without what can make no difference any more: calls that only read, or that no fence will ever let through
 * again; and what workers and containers happen to be called. States that differ in that alone are one.
 */
export function normalForm(state: State, rules: Rules): State {
  const runs = state.runs.filter((run) => !isShutOut(state, run, rules));
  const late = state.late.filter((call) => mayStillMatter(state, call, rules));
  const containerIds = new Map(state.containers.map((each, index) => [each.id, index + 1]));
  const ranIn = state.ranIn === 0 ? 0 : (containerIds.get(state.ranIn) ?? state.containers.length + 1);
  const owners = new Map(inOrder(state, runs, late).map((id, index) => [id, index + 1]));
  for (const { owner } of late) if (!owners.has(owner)) owners.set(owner, owners.size + 1);
  const renamed = (run: Run): Run => ({
    ...run,
    owner: owners.get(run.owner) ?? 0,
    connected: run.connected === 0 ? 0 : (containerIds.get(run.connected) ?? -1),
    stored: ownsNumbers.has(run.at) ? run.stored : 0,
  });
  return {
    ...state,
    job: {
      ...state.job,
      owner: state.job.owner === 0 ? 0 : (owners.get(state.job.owner) ?? owners.size + 1),
    },
    containers: state.containers.map((each, index) => ({ ...each, id: index + 1 })),
    workers: state.workers.map((_, index) => index + 1),
    runs: inHeap(runs.map(renamed)),
    late: inHeap(late.map(renamed)),
    ranIn,
  };
}

const writesRow = new Set<Place>(["ask", "append", "settle", "note", "requeue", "end"]);
const readsOnly = new Set<Place>(["list", "find", "confirm", "follow"]);
const ownsNumbers = new Set<Place>([
  "create",
  "confirm",
  "ask",
  "send",
  "follow",
  "append",
  "list",
  "rename",
  "resume",
]);

/** Rights only move on: who is behind stays behind. */
function isBehind(state: State, { attempt, epoch }: Run, rules: Rules): boolean {
  if (hasEnded(state) || !rules.fence) return hasEnded(state);
  return state.job.attempt > attempt || (rules.fenceByEpoch && state.job.epoch > epoch);
}

/** All that is left to it is to be told that it has lost its Lease. */
function isShutOut(state: State, run: Run, rules: Rules): boolean {
  if (run.at === "end" && hasEndedUnder(state, run)) return false;
  return isBehind(state, run, rules) && (writesRow.has(run.at) || run.at === "confirm");
}

function mayStillMatter(state: State, call: Run, rules: Rules): boolean {
  if (readsOnly.has(call.at)) return false;
  if (writesRow.has(call.at)) return !isBehind(state, call, rules);
  if (call.at === "create") return true;
  if (call.at === "send" || call.at === "stop")
    return state.containers.some(({ id, runs }) => id === call.connected && runs);
  return state.containers.some((each) => each.attempt === call.attempt && each.name === call.name);
}

/** The two workers are alike: the one that has more to do is the first. */
function inOrder({ workers, job }: State, runs: readonly Run[], late: readonly Run[]): readonly number[] {
  const weight = (id: number): string => {
    const does = [...runs.filter(({ owner }) => owner === id).map(keyOfRunAlone), "/"];
    const did = late.filter(({ owner }) => owner === id).map(keyOfRunAlone);
    return [...does.toSorted(), ...did.toSorted(), job.owner === id ? "owner" : ""].join("");
  };
  const weights = new Map(workers.map((id) => [id, weight(id)]));
  return workers.toSorted((a, b) => ((weights.get(a) ?? "") < (weights.get(b) ?? "") ? 1 : -1));
}

/** Calls under way are a heap, not a queue: their order says nothing. */
function inHeap(calls: readonly Run[]): readonly Run[] {
  if (calls.length < 2) return calls;
  return calls.toSorted((a, b) => (keyOfRun(a) < keyOfRun(b) ? -1 : 1));
}

const places: readonly Place[] = [...ownsNumbers, "stop", "settle", "note", "find", "kill", "requeue", "end"];
const nexts: readonly Run["next"][] = ["requeue", "end", "over"];
const endings = [null, "queued", "running", "succeeded", "failed", "cancelled"] as const;
const numberOf = (ending: JobRow["status"] | null): number => endings.indexOf(ending);

function keyOfRunAlone(run: Run): string {
  const { attempt, epoch, at, next, name, connected, stored, ending } = run;
  const place = places.indexOf(at);
  return String.fromCharCode(
    ...[attempt, epoch, place, nexts.indexOf(next), name, connected + 1, stored, numberOf(ending)],
  );
}

const keyOfRun = (run: Run): string => keyOfRunAlone(run) + String.fromCharCode(run.owner);

/** The same for the same states in normal form, and for no others. */
export function keyOf({ job, containers, runs, late, ...rest }: State): string {
  const flags = (job.expired ? 1 : 0) + (job.cancel ? 2 : 0) + (job.noted ? 4 : 0) + (rest.excused ? 8 : 0);
  const numbers = [
    numberOf(job.status),
    job.attempt,
    job.owner,
    job.epoch,
    flags,
    numberOf(job.settled),
    job.stored,
  ];
  numbers.push(rest.disturbances, rest.ends, rest.ranIn, rest.ran, containers.length, runs.length);
  for (const { attempt, name, runs: up, hasJob, epoch, steps, stopped } of containers)
    numbers.push(attempt, name, epoch, steps, (up ? 1 : 0) + (hasJob ? 2 : 0) + (stopped ? 4 : 0));
  const calls = [...runs, ...late].map(keyOfRun).join("");
  return `${String.fromCharCode(...numbers)}${calls}${rest.broken ?? ""}`;
}
