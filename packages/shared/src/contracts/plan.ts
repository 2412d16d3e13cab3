import { z } from "zod";
import { type Step, stepKinds, steps } from "./step.ts";

export const planSource = z.enum(["model", "literal", "explicit"]);

export const stepStatus = z.enum(["pending", "running", "succeeded", "failed", "skipped"]);

export type StepStatus = z.output<typeof stepStatus>;

/** One Step of the last plan as /status shows it. */
export const plannedStepView = z
  .strictObject({
    index: z.number().int().min(1),
    kind: z.enum(stepKinds),
    name: z.string().nullable(),
    status: stepStatus,
    exit_code: z.number().int().nullable(),
    started_at: z.iso.datetime().nullable(),
    duration_ms: z.number().int().min(0).nullable(),
  })
  .meta({ id: "PlannedStep" });

export type PlannedStepView = z.output<typeof plannedStepView>;

/** The plan as /status and the `plan` event show it. */
export const planView = z
  .strictObject({ source: planSource, turns: z.number().int().min(0), steps: z.array(plannedStepView) })
  .meta({ id: "Plan" });

export type PlanView = z.output<typeof planView>;

/** What a model is asked for: the Steps, in order, and nothing else. */
export const modelPlan = z.strictObject({ steps });

/** A plan as it is stored in `jobs.plan`; its Steps, which can be megabytes, are in `jobs.plan_steps`. */
export interface StoredPlan {
  readonly view: PlanView;
  /** Version of the prompt files that the model was asked by; null where none was asked. */
  readonly promptVersion: string | null;
}

/** The Steps of a stored plan: as they are, or sealed, where the Job has secrets. */
export type StoredSteps = readonly Step[] | string;

/** The view of a plan of which nothing has run yet. */
export function freshPlanView(source: PlanView["source"], turns: number, planned: readonly Step[]): PlanView {
  return {
    source,
    turns,
    steps: planned.map((step, position) => ({
      index: position + 1,
      kind: step.kind,
      name: step.name ?? null,
      status: "pending",
      exit_code: null,
      started_at: null,
      duration_ms: null,
    })),
  };
}
