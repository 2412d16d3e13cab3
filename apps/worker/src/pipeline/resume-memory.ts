import { type FailureCode, failureCodes } from "@longshore/shared/domain/failure";
import { stepKinds } from "@longshore/shared/contracts/step";
import { stepStatus } from "@longshore/shared/contracts/plan";
import { toStorableText } from "@longshore/shared/domain/log-line";
import { z } from "zod";

const stepEvidence = z.object({
  index: z.number(),
  kind: z.enum(stepKinds),
  name: z.string().nullable(),
  source: z.string(),
  exit_code: z.number().nullable(),
  status: stepStatus,
  outputTail: z.string(),
});

/** What a pipeline remembers of an Attempt that no Event says, as `jobs.resume` keeps it for who takes over. */
const resumeState = z.object({
  /** Why the last Step that ended stops the plan. */
  failure: z
    .object({
      code: z.enum(failureCodes satisfies readonly FailureCode[]),
      message: z.string(),
      step: z.number().nullable(),
    })
    .nullable(),
  /** Processes that the kernel killed for memory, as the agent told. */
  oomKills: z.number(),
  /** The log says already that output is dropped. */
  saidDropped: z.boolean(),
  /** Turns that were used, and what they led to. */
  turn: z.number(),
  history: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("invalid_answer"), reasons: z.array(z.string()) }),
      z.object({ type: z.literal("step_failed"), steps: z.array(stepEvidence) }),
    ]),
  ),
  /** The last `step_failed` of the history has no plan yet. */
  repairing: z.boolean(),
  /** Megabytes that the Job's programs moved over the network. */
  egressMb: z.number().default(0),
  /** Milliseconds that each phase took so far. */
  phases: z.record(z.string(), z.number()),
  /** Sealed: what the mask keeps back of lines that go on. */
  held: z.string().nullable().default(null),
});

export type ResumeState = z.output<typeof resumeState>;

export interface ResumeMemory {
  state(): ResumeState;
  /** Changes it, and stores it beside the Events that are being written. */
  change(patch: Partial<ResumeState>): void;
}

/** What a fresh Attempt remembers. */
export const nothingToResume: ResumeState = {
  failure: null,
  oomKills: 0,
  saidDropped: false,
  turn: 0,
  history: [],
  repairing: false,
  egressMb: 0,
  phases: {},
  held: null,
};

/** Reads what is stored; null where it is of another version of the worker, so that it cannot go on from it. */
export function readResumeState(stored: unknown): ResumeState | null {
  return stored === null ? nothingToResume : (resumeState.safeParse(stored).data ?? null);
}

/** A memory that begins with `from`. `phases` gives what each phase took so far; `store` gets what JSON columns can hold. */
export function createResumeMemory(
  from: ResumeState,
  phases: () => ResumeState["phases"],
  store: (state: object) => void,
): ResumeMemory {
  let state = from;
  return {
    state: () => state,
    change: (patch) => {
      state = { ...state, ...patch, phases: phases() };
      store(storable(state));
    },
  };
}

/** Parts of it come from models and programs: what JSON columns refuse is made storable, as in the log. */
function storable(state: ResumeState): object {
  const text = JSON.stringify(state, (_, value: unknown) =>
    typeof value === "string" ? toStorableText(value) : value,
  );
  // safety: an object goes in.
  return JSON.parse(text) as object;
}
