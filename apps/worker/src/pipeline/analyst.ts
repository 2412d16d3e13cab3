import type { Step } from "@longshore/shared/contracts/step";
import type { JobFailure } from "@longshore/shared/domain/failure";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { StepEvidence } from "../models/analysis-request.ts";
import type { Plan } from "./plan-tracker.ts";

/** Files below /workspace, as the agent lists them for the model. */
export type WorkspaceFiles = readonly { readonly path: string; readonly bytes: number }[];

/** Who says what is to be done: the caller, the fenced code of the prompt, or a model. */
export interface Analyst {
  /** Steps that are known before the Sandbox is there; null where the first plan is to be asked for. */
  readonly givenPlan: Plan | null;
  /** Why nobody can plan this Job, so that it needs no Sandbox; else null. */
  readonly absent: JobFailure | null;
  /** The first plan. */
  plan(files: WorkspaceFiles, signal: AbortSignal): Promise<Result<Plan, JobFailure>>;
  /** The plan that mends what failed; null where none is due: `failure` then stands. */
  repair(
    evidence: readonly StepEvidence[],
    files: WorkspaceFiles,
    signal: AbortSignal,
  ): Promise<Result<Plan, JobFailure> | null>;
}

/** For Steps that the caller wrote: they run as they are, and a failure of theirs is not repaired. */
export function createFixedAnalyst(source: "explicit" | "literal", steps: readonly Step[]): Analyst {
  const plan: Plan = { source, turns: 0, promptVersion: null, steps };
  return {
    givenPlan: plan,
    absent: null,
    plan: () => Promise.resolve(succeed(plan)),
    repair: () => Promise.resolve(null),
  };
}

/** For a Job that nobody can plan. */
export function createAbsentAnalyst(failure: JobFailure): Analyst {
  return {
    givenPlan: null,
    absent: failure,
    plan: () => Promise.resolve(fail(failure)),
    repair: () => Promise.resolve(null),
  };
}
