/** What of the engine's containers the protocol goes by. `name` is the epoch in its present name. */
export interface Container {
  readonly id: number;
  readonly attempt: number;
  readonly name: number;
  readonly runs: boolean;
  /** Whether its agent has the Job; the highest epoch that it was shown; Steps that it has run. */
  readonly hasJob: boolean;
  readonly epoch: number;
  readonly steps: number;
  /** An owner has told the agent to stop: no further Step begins. */
  readonly stopped: boolean;
}

export type Ending = "succeeded" | "failed" | "cancelled";

/**
 * Where a run stands. Each but `confirm` and `follow` is a call that is under way: it takes effect at some later time, or
 * never, whatever its caller has become meanwhile. So a worker that is frozen is one whose call takes long.
 */
export type Place =
  | "create"
  | "confirm"
  | "ask"
  | "send"
  | "follow"
  | "stop"
  | "append"
  | "settle"
  | "note"
  | "find"
  | "kill"
  | "requeue"
  | "end"
  | "list"
  | "rename"
  | "resume";

/** A worker's work on an Attempt, by the right that it was given: Attempt and epoch. */
export interface Run {
  readonly owner: number;
  readonly attempt: number;
  readonly epoch: number;
  readonly at: Place;
  /** What comes when the container is gone; `over` is nothing. */
  readonly next: "requeue" | "end" | "over";
  /** The container's name as this run knows it, and the container that it is connected to (0: none yet). */
  readonly name: number;
  readonly connected: number;
  /** Steps whose end is on disk, as this run knows. */
  readonly stored: number;
  readonly ending: Ending;
}

export interface JobRow {
  readonly status: "queued" | "running" | Ending;
  readonly attempt: number;
  readonly owner: number;
  readonly epoch: number;
  readonly expired: boolean;
  readonly cancel: boolean;
  readonly settled: Ending | null;
  /** The archive of the settled end is stored, and the row says so. */
  readonly noted: boolean;
  readonly stored: number;
}

export interface State {
  readonly job: JobRow;
  readonly containers: readonly Container[];
  /** The processes that live, by their ids: a restarted one has a new id. */
  readonly workers: readonly number[];
  readonly runs: readonly Run[];
  /** Calls whose callers are gone or have given up waiting, and that may still take effect. */
  readonly late: readonly Run[];
  /** How many more crashes, freezes, lost containers and lost answers there may be. */
  readonly disturbances: number;
  readonly ends: number;
  /** Which container has run Steps of the present Attempt (0: none), and how many. */
  readonly ranIn: number;
  readonly ran: number;
  /** Something else than a crash or a freeze has been in the way of this Attempt: it may be tried again. */
  readonly excused: boolean;
  /** What was just done and must not be. */
  readonly broken: string | null;
}

/** The rules of the protocol. All of them hold in the product; without one of them, the search finds what it is for. */
export interface Rules {
  /** Writes are fenced by the epoch too, not by the owner's id alone. */
  readonly fenceByEpoch: boolean;
  /** Who takes a Lease over renames the container; kills go by name. */
  readonly rename: boolean;
  /** The agent listens only to the highest epoch that it was shown. */
  readonly agentKnowsEpochs: boolean;
  /** The Lease is confirmed before the agent is sent the Job. */
  readonly confirm: boolean;
  /** Statements go by Attempt and owner at all. */
  readonly fence: boolean;
  /** The end of a Job that nobody cancelled is written before its container is killed. */
  readonly endBeforeKill: boolean;
}

export const theRules: Rules = {
  ...{ fenceByEpoch: true, rename: true, agentKnowsEpochs: true },
  ...{ confirm: true, fence: true, endBeforeKill: true },
};

/** What is looked at: two workers, one Job. */
export interface Bound {
  readonly steps: number;
  readonly maxAttempts: number;
  readonly disturbances: number;
  readonly mostRuns: number;
}

export function firstState({ disturbances }: Bound): State {
  return {
    job: {
      ...{ status: "queued", attempt: 1, owner: 0, epoch: 0, expired: false, cancel: false },
      ...{ settled: null, noted: false, stored: 0 },
    },
    ...{ containers: [], workers: [1, 2], runs: [], late: [], disturbances },
    ...{ ends: 0, ranIn: 0, ran: 0, excused: false, broken: null },
  };
}

export const hasEnded = ({ job }: State): boolean => job.status !== "queued" && job.status !== "running";

/** What the row of an ended Job tells for good: under which Attempt and epoch its end was written. */
export const hasEndedUnder = (state: State, { attempt, epoch }: Run): boolean =>
  hasEnded(state) && state.job.attempt === attempt && state.job.epoch === epoch;

/** True where the container can be running a Step now. */
export const isBusy = (container: Container, { steps }: Bound): boolean =>
  container.runs && container.hasJob && !container.stopped && container.steps < steps;

/** The container that has this name now. */
export function named(state: State, attempt: number, name: number): Container | undefined {
  return state.containers.find((each) => each.attempt === attempt && each.name === name);
}

export function changeContainer(state: State, id: number, change: Partial<Container>): State {
  const containers = state.containers.map((each) => (each.id === id ? { ...each, ...change } : each));
  return { ...state, containers };
}

export function removeContainer(state: State, id: number): State {
  return { ...state, containers: state.containers.filter((each) => each.id !== id) };
}

export function changeJob(state: State, change: Partial<JobRow>): State {
  return { ...state, job: { ...state.job, ...change } };
}
