import { z } from "zod";
import { planSource } from "./plan.ts";
import { steps } from "./step.ts";

/** A plan that a Job has or had, with what its Steps run. */
export const jobPlan = z
  .strictObject({
    seq: z.number().int().min(1).meta({ description: "Of the `plan` event that told it." }),
    time: z.iso.datetime(),
    attempt: z.number().int().min(1),
    source: planSource,
    turns: z.number().int().min(0),
    steps: steps.nullable().meta({
      description:
        "In their order, with secrets masked as in the log. Null where the job has, or had, secrets and its caller gave " +
        "the steps: those are sealed with them, and told by `plan.json` of the archive.",
    }),
  })
  .meta({ id: "JobPlan" });

/** The answer of GET /jobs/{id}/plans. */
export const planPage = z
  .strictObject({
    job_id: z.uuid(),
    plans: z.array(jobPlan),
    next_after: z.number().int().min(1).nullable().meta({
      description: "What to ask with next as `after`; null where there are no more plans by now.",
    }),
  })
  .meta({ id: "PlanPage" });
