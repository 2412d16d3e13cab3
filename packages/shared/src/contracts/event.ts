import { z } from "zod";
import { jobStatuses, pipelineNodes } from "../domain/job-state.ts";
import { jobFailureView } from "./job-failure-view.ts";
import { logLine } from "./log-line.ts";
import { planView, stepStatus } from "./plan.ts";
import { type Step, stepKinds } from "./step.ts";
import { modelCall } from "./usage.ts";

export const eventTypes = ["state", "plan", "step", "model", "log", "end"] as const;

export type EventType = (typeof eventTypes)[number];

export const stateBody = z.strictObject({
  status: z.enum(jobStatuses),
  node: z.enum(pipelineNodes).nullable(),
  attempt: z.number().int().min(1),
});

export const stepBody = z.strictObject({
  attempt: z.number().int().min(1),
  index: z.number().int().min(1),
  kind: z.enum(stepKinds),
  status: stepStatus,
  exit_code: z.number().int().nullable(),
  duration_ms: z.number().int().min(0).nullable(),
});

export const endBody = z.strictObject({
  status: z.enum(["succeeded", "failed", "cancelled"]),
  failure: jobFailureView.nullable(),
});

const numbered = { seq: z.number().int().min(1), time: z.iso.datetime() };

/** The `data` of each kind of server-sent event, by its `event` name. */
export const eventData = {
  state: stateBody.extend(numbered),
  plan: planView.extend(numbered),
  step: stepBody.extend(numbered),
  model: modelCall.extend(numbered),
  log: logLine,
  end: endBody.extend(numbered),
} as const satisfies Record<EventType, z.ZodType>;

/** An Event before it has its number: what is appended to a Job's history. */
export type NewEvent =
  | { readonly type: "state"; readonly body: z.output<typeof stateBody> }
  | NewPlanEvent
  | { readonly type: "step"; readonly body: z.output<typeof stepBody> }
  | { readonly type: "model"; readonly body: z.output<typeof modelCall> }
  | { readonly type: "end"; readonly body: z.output<typeof endBody> }
  | NewLogEvent;

export interface NewPlanEvent {
  readonly type: "plan";
  readonly body: z.output<typeof planView>;
  /** As readers of the Job are shown them; null where its caller gave them. In no event: they can be megabytes. */
  readonly steps: readonly Step[] | null;
}

export interface NewLogEvent {
  readonly type: "log";
  readonly node: z.output<typeof logLine>["node"];
  readonly step: number | null;
  readonly stream: z.output<typeof logLine>["stream"];
  readonly text: string;
  readonly continued: boolean;
}
