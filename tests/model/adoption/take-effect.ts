import {
  type Bound,
  changeContainer,
  changeJob,
  type Container,
  type Ending,
  hasEnded,
  hasEndedUnder,
  named,
  removeContainer,
  type Rules,
  type Run,
  type State,
} from "./state.ts";

/** What a call did to the world, and how its caller goes on; null where it stops. */
export interface Effect {
  readonly state: State;
  readonly run: Run | null;
}

/** Lets the call at which `run` stands take effect. */
export function takeEffect(state: State, run: Run, rules: Rules, bound: Bound): Effect {
  switch (run.at) {
    case "create":
    case "send":
    case "stop":
    case "kill":
      return onContainer(state, run, rules);
    case "list":
    case "rename":
    case "resume":
    case "find":
      return onAdoption(state, run, rules);
    case "ask":
    case "append":
    case "settle":
    case "note":
    case "end":
    case "requeue":
      return onRow(state, run, rules, bound);
    case "confirm":
    case "follow":
      throw new Error(`${run.at} is no call`);
  }
}

/** How a run goes on when the container is gone. */
const whenGone = (run: Run): Run | null => (run.next === "over" ? null : { ...run, at: run.next });

const loseContainer = (run: Run): Run => ({ ...run, at: "find", next: "requeue" });

function onContainer(state: State, run: Run, rules: Rules): Effect {
  const here = named(state, run.attempt, run.name);
  if (run.at === "create") {
    // The name is a mutex.
    if (here !== undefined) return { state, run: loseContainer(run) };
    const id = Math.max(state.ranIn, ...state.containers.map((each) => each.id)) + 1;
    const made: Container = {
      ...{ id, attempt: run.attempt, name: 0, runs: true },
      ...{ hasJob: false, epoch: 0, steps: 0, stopped: false },
    };
    return {
      state: { ...state, containers: [...state.containers, made] },
      run: { ...run, connected: id, at: rules.confirm ? "confirm" : "send" },
    };
  }
  if (run.at === "kill") {
    if (here !== undefined && here.epoch > run.epoch)
      return { state: { ...state, broken: "the container of a later owner is killed" }, run: null };
    const next = here === undefined ? state : removeContainer(state, here.id);
    // What was adopted meanwhile is another's; who has not adopted it yet looks again.
    return { state: next, run: run.connected === 0 ? { ...run, at: "find" } : whenGone(run) };
  }
  const other = state.containers.find((each) => each.id === run.connected);
  if (other?.runs !== true) {
    return { state, run: run.at === "stop" ? { ...run, at: "settle" } : loseContainer(run) };
  }
  if (run.at === "stop") {
    if (other.epoch <= run.epoch)
      return { state: changeContainer(state, other.id, { stopped: true }), run: { ...run, at: "settle" } };
    if (rules.agentKnowsEpochs) return { state, run: { ...run, at: "settle" } };
    return { state: { ...state, broken: "the steps of a later owner are stopped" }, run: null };
  }
  if (other.epoch > run.epoch && rules.agentKnowsEpochs) return { state, run: { ...run, at: "follow" } };
  return { state: changeContainer(state, other.id, { hasJob: true }), run: { ...run, at: "follow" } };
}

/** Of the containers of the run's Attempt the one with the newest name. */
function newest(state: State, run: Run): Container | undefined {
  return state.containers
    .filter((each) => each.attempt === run.attempt)
    .toSorted((a, b) => b.name - a.name)[0];
}

function onAdoption(state: State, run: Run, rules: Rules): Effect {
  if (run.at === "list" || run.at === "find") {
    // Who is connected goes by the name that it knows, and by nothing else.
    if (run.at === "find" && run.connected !== 0) return { state, run: { ...run, at: "kill" } };
    const found = newest(state, run);
    if (found === undefined) return { state, run: whenGone(run) };
    if (found.name > run.epoch) return { state, run: null };
    if (run.at === "find" || !found.runs) return { state, run: { ...run, at: "kill", name: found.name } };
    return { state, run: { ...run, at: rules.rename ? "rename" : "resume", name: found.name } };
  }
  const here = named(state, run.attempt, run.name);
  if (here === undefined) return { state, run: { ...run, at: "list" } };
  if (run.at === "rename") {
    return {
      state: changeContainer(state, here.id, { name: run.epoch }),
      run: { ...run, at: "resume", name: run.epoch },
    };
  }
  if (!here.runs) return { state, run: { ...run, at: "list" } };
  if (here.epoch >= run.epoch) return { state, run: null };
  const at = here.hasJob ? "follow" : rules.confirm ? "confirm" : "send";
  return {
    state: changeContainer(state, here.id, { epoch: run.epoch }),
    run: { ...run, at, connected: here.id },
  };
}

/** True where the fence of a statement lets it through. */
export function passes({ job }: State, run: Run, rules: Rules): boolean {
  if (job.status !== "running") return false;
  if (!rules.fence) return true;
  const owns = job.attempt === run.attempt && job.owner === run.owner;
  return owns && (!rules.fenceByEpoch || job.epoch === run.epoch);
}

function onRow(state: State, run: Run, rules: Rules, bound: Bound): Effect {
  // Who has no answer asks whose end the row has.
  if (run.at === "end" && hasEndedUnder(state, run)) return { state, run: whenEnded(run) };
  if (!passes(state, run, rules)) return { state, run: null };
  const { job } = state;
  const superseded = job.attempt !== run.attempt || job.epoch !== run.epoch || job.owner !== run.owner;
  const written = superseded ? { ...state, broken: `${run.at}: a write after a later takeover` } : state;
  switch (run.at) {
    case "ask":
      return { state: changeJob(written, { expired: false }), run: { ...run, at: "send" } };
    case "append": {
      // The base of the numbers is part of the statement.
      if (job.stored !== run.stored) return { state, run: null };
      const stored = run.stored + 1;
      return { state: changeJob(written, { stored }), run: { ...run, stored, at: "follow" } };
    }
    case "settle": {
      if (job.cancel && run.ending !== "cancelled")
        return { state: written, run: { ...run, ending: "cancelled" } };
      // What is noted stays.
      if (job.noted && job.settled !== run.ending) return { state, run: null };
      const next = job.noted ? written : changeJob(written, { settled: run.ending });
      const others = rules.endBeforeKill ? "end" : "find";
      return { state: next, run: { ...run, at: run.ending === "cancelled" ? "note" : others, next: "end" } };
    }
    case "note":
      if (job.settled !== run.ending) return { state, run: null };
      return { state: changeJob(written, { noted: true }), run: { ...run, at: "find", next: "end" } };
    case "end":
      if (job.settled !== run.ending) return { state, run: null };
      return { state: endAs(written, run.ending, bound), run: whenEnded(run) };
    default:
      return requeue(written, run, bound);
  }
}

/** The container of a cancelled Job is gone before. */
const whenEnded = (run: Run): Run | null =>
  run.ending === "cancelled" ? null : { ...run, at: "find", next: "over" };

function requeue(state: State, run: Run, bound: Bound): Effect {
  if (state.job.cancel) return { state, run: { ...run, at: "settle", ending: "cancelled" } };
  if (run.attempt >= bound.maxAttempts) return { state, run: { ...run, at: "settle", ending: "failed" } };
  const { attempt, settled } = state.job;
  const next = changeJob(state, {
    ...{ status: "queued", attempt: attempt + 1, owner: 0, epoch: 0, expired: false },
    ...{ settled: null, noted: false, stored: 0 },
  });
  const lost = settled === "succeeded" && !state.excused ? "a settled success is lost by mere crashes" : null;
  return { state: { ...next, ranIn: 0, ran: 0, excused: false, broken: state.broken ?? lost }, run: null };
}

/** Writes a terminal status, and looks whether it is true. */
export function endAs(state: State, ending: Ending, bound: Bound): State {
  const lie =
    ending === "succeeded" && state.ran < bound.steps ? "a success whose Steps did not all run" : null;
  const again = hasEnded(state) ? "a second end" : null;
  return {
    ...changeJob(state, { status: ending, owner: 0, expired: false, settled: null, noted: false }),
    ends: state.ends + 1,
    broken: state.broken ?? lie ?? again,
  };
}
