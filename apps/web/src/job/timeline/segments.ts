import type { Job } from "@longshore/client";
import type { JobHistory, StateMark, Turn } from "../history/job-history.ts";

export interface Segment {
  readonly key: string;
  readonly phase: "queued" | "start" | "model" | "step" | "archive";
  readonly label: string;
  /** In ms since 1970; `to` is null while it lasts. */
  readonly from: number;
  readonly to: number | null;
  readonly outcome: "ok" | "failed" | "running" | "skipped";
  readonly attempt: number;
  /** Which output belongs to it; null where none does. */
  readonly step: { readonly turn: number; readonly index: number } | null;
}

type JobTimes = Pick<Job, "created_at" | "started_at" | "finished_at" | "timings_ms" | "attempt" | "status">;

/** What a job did when, in order: waiting and starting of each attempt, calls of models, steps, the archive. */
export function toSegments(history: JobHistory, job: JobTimes): readonly Segment[] {
  const jobEnded = job.finished_at === null ? (history.end?.at ?? null) : Date.parse(job.finished_at);
  return splitAttempts(history.marks)
    .flatMap((marks, place, all) => {
      // What still ran in an attempt that was given up ended when the next was due.
      const ended = all[place + 1]?.[0].at ?? jobEnded;
      return [
        ...aroundSandbox(marks, history, job, ended),
        ...callSegments(history, marks[0].attempt),
        ...history.turns
          .filter(({ attempt }) => attempt === marks[0].attempt)
          .flatMap((turn) => stepSegments(turn, ended)),
        ...archiveSegment(marks, ended),
      ];
    })
    .toSorted(
      (one, other) => one.attempt - other.attempt || one.from - other.from || order(one) - order(other),
    );
}

const phases: readonly Segment["phase"][] = ["queued", "start", "model", "step", "archive"];
const order = ({ phase }: Segment) => phases.indexOf(phase);

type Marks = readonly [StateMark, ...StateMark[]];

function splitAttempts(marks: readonly StateMark[]): readonly Marks[] {
  const groups = new Map<number, [StateMark, ...StateMark[]]>();
  for (const mark of marks) {
    const group = groups.get(mark.attempt);
    if (group === undefined) groups.set(mark.attempt, [mark]);
    else group.push(mark);
  }
  return [...groups.values()];
}

function aroundSandbox(
  marks: Marks,
  history: JobHistory,
  job: JobTimes,
  ended: number | null,
): readonly Segment[] {
  const { attempt } = marks[0];
  const running = marks.find(({ status }) => status === "running")?.at ?? null;
  const isFirst = attempt === 1;
  const queuedFrom = isFirst ? Date.parse(job.created_at) : marks[0].at;
  // `/status` has the times of the attempt that was the last, to the millisecond.
  const isLast = attempt === job.attempt;
  const startedAt = isLast && job.started_at !== null ? Date.parse(job.started_at) : running;
  const base = { attempt, step: null };
  const queued: Segment = {
    ...base,
    ...{ key: `${String(attempt)}-queued`, phase: "queued", label: "Queued" },
    ...during(queuedFrom, startedAt, ended),
  };
  if (startedAt === null) return [queued];
  const took = isLast ? job.timings_ms.sandbox_start : null;
  const started = took === null ? firstSign(history, marks) : startedAt + took;
  const start: Segment = {
    ...base,
    ...{ key: `${String(attempt)}-start`, phase: "start", label: "Start of the sandbox" },
    ...during(startedAt, started, ended),
  };
  return [queued, start];
}

/** When it shows that the sandbox is there: by a call of a model, a plan, or a step. */
function firstSign({ calls, turns }: JobHistory, marks: Marks): number | null {
  const { attempt } = marks[0];
  const signs = [
    ...calls.filter((call) => call.attempt === attempt).map(({ from }) => from),
    ...turns.filter((turn) => turn.attempt === attempt).map(({ at }) => at),
  ];
  return signs.length === 0 ? null : Math.min(...signs);
}

function callSegments({ calls }: JobHistory, attempt: number): readonly Segment[] {
  return calls.flatMap((call, place): readonly Segment[] => {
    if (call.attempt !== attempt) return [];
    const label = `Model: ${call.model}${call.provider === "fallback" ? " (fallback)" : ""}`;
    const outcome = call.outcome === "ok" ? "ok" : "failed";
    const { from, to } = call;
    return [{ key: `call-${String(place)}`, phase: "model", label, from, to, outcome, attempt, step: null }];
  });
}

function stepSegments({ number, attempt, steps }: Turn, ended: number | null): readonly Segment[] {
  return steps.flatMap((step): readonly Segment[] => {
    if (step.from === null) return [];
    const label = `${String(step.index)} ${step.name ?? step.kind}`;
    const outcome = step.status === "failed" ? "failed" : "ok";
    return [
      {
        ...{ key: `step-${String(number)}-${String(step.index)}`, phase: "step", label, attempt },
        ...during(step.from, step.to, ended, outcome),
        step: { turn: number, index: step.index },
      },
    ];
  });
}

function archiveSegment(marks: Marks, ended: number | null): readonly Segment[] {
  const compile = marks.find(({ node }) => node === "compile");
  if (compile === undefined) return [];
  const { attempt, at } = compile;
  const next = marks[marks.indexOf(compile) + 1]?.at ?? null;
  return [
    {
      ...{ key: `${String(attempt)}-archive`, phase: "archive", label: "Archive", attempt, step: null },
      ...during(at, next === null ? null : Math.max(at, ended ?? next), ended),
    },
  ];
}

/** From a time to another, or to the job's end where nothing says when it was over before. */
function during(
  from: number,
  to: number | null,
  ended: number | null,
  outcome: "ok" | "failed" = "ok",
): Pick<Segment, "from" | "to" | "outcome"> {
  const until = to ?? ended;
  return until === null
    ? { from, to: null, outcome: "running" }
    : { from, to: Math.max(from, until), outcome };
}
