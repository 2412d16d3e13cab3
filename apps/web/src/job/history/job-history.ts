import type { Job, JobEvent } from "@longshore/client";

type PlanStep = NonNullable<Job["plan"]>["steps"][number];
type ModelCall = Job["usage"]["calls"][number];

/** A step of a turn's plan, with the times at which it ran, in ms since 1970; null where it has not. */
export interface TurnStep {
  readonly index: number;
  readonly kind: PlanStep["kind"];
  readonly name: string | null;
  readonly status: PlanStep["status"];
  readonly exitCode: number | null;
  readonly from: number | null;
  readonly to: number | null;
}

/** A plan that was in hand: the first of an attempt, or one that repairs the one before. */
export interface Turn {
  /** Of the event that told it. */
  readonly seq: number;
  /** Counts all plans of the job from 1. */
  readonly number: number;
  readonly attempt: number;
  readonly source: "model" | "literal" | "explicit";
  readonly at: number;
  readonly steps: readonly TurnStep[];
}

export interface TimedCall extends ModelCall {
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
}

/** That the job changed its place in the pipeline. */
export interface StateMark {
  readonly at: number;
  readonly status: Job["status"];
  readonly node: Job["node"];
  readonly attempt: number;
}

/** What the events of a job tell, lines of the log apart. */
export interface JobHistory {
  readonly marks: readonly StateMark[];
  readonly turns: readonly Turn[];
  readonly calls: readonly TimedCall[];
  readonly end: {
    readonly at: number;
    readonly status: Job["status"];
    readonly failure: Job["failure"];
  } | null;
}

export const noHistory: JobHistory = { marks: [], turns: [], calls: [], end: null };

/** Attempts × turns × calls of one are at most 800; whoever sends more is not kept up with. */
const mostKept = 2_000;

/** The history after one more event. Lines of the log change nothing. */
export function applyEvent(history: JobHistory, event: JobEvent): JobHistory {
  if (event.type === "log") return history;
  const at = Date.parse(event.data.time);
  const attempt = history.marks.at(-1)?.attempt ?? 1;
  switch (event.type) {
    case "state": {
      const { status, node } = event.data;
      return { ...history, marks: add(history.marks, { at, status, node, attempt: event.data.attempt }) };
    }
    case "model": {
      const call = { ...event.data, attempt, from: at - event.data.duration_ms, to: at };
      return { ...history, calls: add(history.calls, call) };
    }
    case "plan": {
      const { source, steps, seq } = event.data;
      const number = (history.turns.at(-1)?.number ?? 0) + 1;
      const turns = withoutOpenSteps(history, attempt, at);
      return {
        ...history,
        turns: add(turns, { seq, number, attempt, source, at, steps: steps.map(toTurnStep) }),
      };
    }
    case "step":
      return { ...history, turns: withStep(history.turns, event.data, at) };
    case "end":
      return { ...history, end: { at, status: event.data.status, failure: event.data.failure } };
  }
}

function add<Value>(list: readonly Value[], value: Value): readonly Value[] {
  return [...list.slice(-mostKept + 1), value];
}

function toTurnStep(step: PlanStep): TurnStep {
  const from = step.started_at === null ? null : Date.parse(step.started_at);
  const to = from === null || step.duration_ms === null ? null : from + step.duration_ms;
  const { index, kind, name, status } = step;
  return { index, kind, name, status, exitCode: step.exit_code, from, to };
}

/**
 * A plan that is replaced is run no further: what had not begun is skipped, and what ran in an attempt that was given up was
 * killed with it.
 */
function withoutOpenSteps({ turns, marks }: JobHistory, attempt: number, at: number): readonly Turn[] {
  const last = turns.at(-1);
  if (last === undefined) return turns;
  const to = marks.find((mark) => mark.attempt === attempt && attempt > last.attempt)?.at ?? at;
  const steps = last.steps.map((step): TurnStep => {
    if (step.status === "pending") return { ...step, status: "skipped" };
    return step.status === "running" ? { ...step, status: "failed", to } : step;
  });
  return [...turns.slice(0, -1), { ...last, steps }];
}

type StepData = Extract<JobEvent, { type: "step" }>["data"];

/** Events of a batch have one time: how long a step took tells better when it began. */
function withStep(turns: readonly Turn[], data: StepData, at: number): readonly Turn[] {
  const last = turns.at(-1);
  if (last === undefined) return turns;
  const { status, duration_ms: took } = data;
  const steps = last.steps.map((step): TurnStep => {
    if (step.index !== data.index) return step;
    const changed = { ...step, status, exitCode: data.exit_code };
    if (status === "running") return { ...changed, from: at };
    return took === null ? changed : { ...changed, from: at - took, to: at };
  });
  return [...turns.slice(0, -1), { ...last, steps }];
}

/** The history with what /status knows better: to the millisecond when the steps of the last plan ran. */
export function refine(history: JobHistory, job: Job): JobHistory {
  const last = history.turns.at(-1);
  if (last === undefined || job.plan === null || job.plan.steps.length !== last.steps.length) return history;
  // A status that is older than the events would take back what they have told.
  if (job.finished_at === null || history.end === null) return history;
  return {
    ...history,
    turns: [...history.turns.slice(0, -1), { ...last, steps: job.plan.steps.map(toTurnStep) }],
  };
}
