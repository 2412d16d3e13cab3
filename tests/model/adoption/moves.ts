import { endAs, passes, takeEffect } from "./take-effect.ts";
import {
  type Bound,
  changeContainer,
  changeJob,
  hasEnded,
  isBusy,
  removeContainer,
  type Rules,
  type Run,
  type State,
} from "./state.ts";

export interface Move {
  readonly name: string;
  readonly next: State;
}

/** Everything that may happen next. */
export function* movesFrom(state: State, rules: Rules, bound: Bound): Generator<Move> {
  for (const run of state.runs) {
    yield* movesOfRun(state, run, rules, bound);
    if (state.disturbances > 0) yield* troublesOfRun(state, run);
  }
  for (const [index, call] of state.late.entries()) {
    const late = state.late.filter((_, at) => at !== index);
    yield { name: `late ${told(call)}`, next: takeEffect({ ...state, late }, call, rules, bound).state };
  }
  yield* movesOfWorkers(state, bound);
  yield* movesOfTheRest(state, bound);
}

const told = (run: Run) =>
  `${run.at} of worker ${String(run.owner)}, attempt ${String(run.attempt)}, epoch ${String(run.epoch)}`;

function goOn(state: State, run: Run, next: Run | null): State {
  const runs = state.runs.flatMap((each) => (each === run ? (next === null ? [] : [next]) : [each]));
  return { ...state, runs };
}

function* movesOfRun(state: State, run: Run, rules: Rules, bound: Bound): Generator<Move> {
  const { job } = state;
  if (run.at === "confirm") {
    const fresh = job.status === "running" && job.attempt === run.attempt && job.owner === run.owner;
    if (fresh && job.epoch === run.epoch && !job.expired)
      yield { name: `fresh: ${told(run)}`, next: goOn(state, run, { ...run, at: "send" }) };
    yield { name: `stale: ${told(run)}`, next: goOn(state, run, { ...run, at: "ask" }) };
  } else if (run.at === "follow") yield* movesOfFollower(state, run, rules, bound);
  else {
    const effect = takeEffect(state, run, rules, bound);
    yield { name: told(run), next: goOn(effect.state, run, effect.run) };
  }
  const mayHear = ["confirm", "follow", "list", "rename", "resume", "send", "create"].includes(run.at);
  if (job.cancel && mayHear && run.ending !== "cancelled") {
    // What was under way when the cancel was heard is not called back.
    const under = run.at === "confirm" || run.at === "follow" ? [] : [run];
    const at = run.connected === 0 ? "settle" : "stop";
    const next = goOn(state, run, { ...run, at, ending: "cancelled" });
    yield { name: `cancel heard: ${told(run)}`, next: { ...next, late: [...next.late, ...under] } };
  }
  if (job.expired && passes(state, run, rules))
    yield { name: `renewal: ${told(run)}`, next: changeJob(state, { expired: false }) };
}

function* movesOfFollower(state: State, run: Run, rules: Rules, bound: Bound): Generator<Move> {
  const container = state.containers.find((each) => each.id === run.connected);
  const gone = goOn(state, run, { ...run, at: "find", next: "requeue" });
  if (container?.runs !== true) return yield { name: `container lost: ${told(run)}`, next: gone };
  if (rules.agentKnowsEpochs && container.epoch > run.epoch) {
    // The agent may close the older connection; or it stays open and is silent.
    return yield { name: `connection closed: ${told(run)}`, next: gone };
  }
  if (container.steps > run.stored) {
    yield { name: `frame: ${told(run)}`, next: goOn(state, run, { ...run, at: "append" }) };
  } else if (container.steps === bound.steps) {
    yield {
      name: `done: ${told(run)}`,
      next: goOn(state, run, { ...run, at: "settle", ending: "succeeded" }),
    };
  }
}

/** What may go wrong with a run; each takes one of the disturbances that are left. */
function* troublesOfRun(state: State, run: Run): Generator<Move> {
  const disturbances = state.disturbances - 1;
  const isCall = run.at !== "confirm" && run.at !== "follow";
  const canRepeat = !["create", "send", "resume"].includes(run.at);
  if (isCall && canRepeat) {
    const next = { ...state, disturbances, late: [...state.late, run] };
    yield { name: `no answer, asked again: ${told(run)}`, next };
  }
  if (isCall && !canRepeat) {
    const next = goOn(state, run, {
      ...run,
      at: "find",
      next: "requeue",
      connected: run.at === "send" ? run.connected : 0,
    });
    const excused = { disturbances, excused: true };
    yield {
      name: `no answer, given up: ${told(run)}`,
      next: { ...next, ...excused, late: [...state.late, run] },
    };
  }
  if (run.at === "note" || (run.at === "end" && run.ending === "succeeded")) {
    const next = goOn(state, run, { ...run, at: "find", next: "requeue" });
    yield { name: `archive not stored: ${told(run)}`, next: { ...next, disturbances, excused: true } };
  }
}

const newRun = (owner: number, { job }: State, change: Partial<Run>): Run => ({
  ...{ owner, attempt: job.attempt, epoch: 0, at: "create", next: "requeue", name: 0, connected: 0 },
  ...{ stored: job.stored, ending: "succeeded" },
  ...change,
});

function* movesOfWorkers(state: State, bound: Bound): Generator<Move> {
  const { job } = state;
  const hasRoom = state.runs.length < bound.mostRuns;
  for (const owner of state.workers) {
    if (job.status === "queued" && !job.cancel && hasRoom) {
      const taken = changeJob(state, { status: "running", owner, epoch: 0, expired: false });
      const runs = [...state.runs, newRun(owner, state, {})];
      yield { name: `worker ${String(owner)} takes the message`, next: { ...taken, runs } };
    }
    if (job.status === "running" && job.expired) yield* takeover(state, owner, hasRoom);
    yield* orphansRemoved(state, owner);
    if (state.disturbances > 0) yield crash(state, owner);
  }
}

function* takeover(state: State, owner: number, hasRoom: boolean): Generator<Move> {
  const { job } = state;
  // What runs in this very process renews itself, or finds that it has lost.
  const isOurs = state.runs.some((run) => run.owner === owner && run.attempt === job.attempt);
  if (isOurs || !hasRoom) return;
  const epoch = job.epoch + 1;
  const taken = changeJob(state, { owner, epoch, expired: false });
  const name = `worker ${String(owner)} takes over, epoch ${String(epoch)}`;
  const settled = job.noted && job.settled !== null ? job.settled : null;
  const run = newRun(owner, state, {
    epoch,
    ...(settled === null ? { at: "list" } : { at: "find", next: "end", ending: settled }),
  });
  yield { name, next: { ...taken, runs: [...state.runs, run] } };
}

/** What is found to be nobody's stays so: Attempts only go on. Hence looking and removing are one move here. */
function* orphansRemoved(state: State, owner: number): Generator<Move> {
  for (const each of state.containers) {
    const isWanted = state.job.status === "running" && state.job.attempt === each.attempt;
    const isOurs = state.runs.some((run) => run.owner === owner && run.attempt === each.attempt);
    if (!isWanted && !isOurs)
      yield { name: `worker ${String(owner)} removes an orphan`, next: removeContainer(state, each.id) };
  }
}

function crash(state: State, owner: number): Move {
  const mine = state.runs.filter((run) => run.owner === owner);
  const calls = mine.filter((run) => run.at !== "confirm" && run.at !== "follow");
  const everybody = [...state.workers, ...state.late.map((each) => each.owner), state.job.owner];
  const restarted = Math.max(...everybody) + 1;
  return {
    name: `worker ${String(owner)} is killed, and ${String(restarted)} started`,
    next: {
      ...state,
      workers: state.workers.map((each) => (each === owner ? restarted : each)),
      runs: state.runs.filter((run) => run.owner !== owner),
      late: [...state.late, ...calls],
      disturbances: state.disturbances - 1,
    },
  };
}

function* movesOfTheRest(state: State, bound: Bound): Generator<Move> {
  const { job } = state;
  if (job.status === "queued" && !job.cancel)
    yield {
      name: "cancel of a queued job",
      next: endAs(changeJob(state, { cancel: true }), "cancelled", bound),
    };
  if (job.status === "running" && !job.cancel && job.settled === null)
    yield { name: "cancel is asked for", next: changeJob(state, { cancel: true }) };
  if (job.status === "running" && !job.expired) {
    const lives = state.runs.some(
      (run) => run.owner === job.owner && run.epoch === job.epoch && run.attempt === job.attempt,
    );
    const next = changeJob(state, { expired: true });
    if (!lives) yield { name: "the lease of nobody runs out", next };
    else if (state.disturbances > 0)
      yield {
        name: "the owner is frozen: its lease runs out",
        next: { ...next, disturbances: state.disturbances - 1 },
      };
  }
  for (const each of state.containers) {
    if (isBusy(each, bound))
      yield { name: `a step runs in container ${String(each.id)}`, next: stepRuns(state, each.id) };
    if (each.runs && state.disturbances > 0 && !hasEnded(state)) {
      const next = changeContainer(state, each.id, { runs: false });
      const lost = { disturbances: state.disturbances - 1, excused: true };
      yield { name: `container ${String(each.id)} is killed`, next: { ...next, ...lost } };
    }
  }
}

function stepRuns(state: State, id: number): State {
  const container = state.containers.find((each) => each.id === id);
  if (container === undefined) return state;
  const steps = container.steps + 1;
  const next = changeContainer(state, id, { steps });
  if (container.attempt !== state.job.attempt)
    return { ...next, broken: "a step of an attempt that is over runs" };
  const again = state.ranIn !== 0 && state.ranIn !== id ? "a step ran again in the same attempt" : null;
  return { ...next, ranIn: id, ran: Math.max(state.ran, steps), broken: state.broken ?? again };
}
