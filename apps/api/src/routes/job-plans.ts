import { createRoute } from "@hono/zod-openapi";
import { toReadableStep } from "@longshore/shared/contracts/asked-request";
import { planPage } from "@longshore/shared/contracts/job-plans";
import type { PlanRecord } from "@longshore/shared/db/read-plans";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import type { createShowPlans, PlansNotShown } from "../use-cases/show-plans.ts";

export interface JobPlansRouteDeps {
  readonly showPlans: ReturnType<typeof createShowPlans>;
}

const [mostPlans, usualPlans] = [100, 20];
const mostAfter = Number.MAX_SAFE_INTEGER;
const query = z.strictObject({
  after: wholeNumberText(0, mostAfter)
    .default(0)
    .meta(wholeNumberMeta(0, mostAfter, "Plans after the event of this `seq`.", 0)),
  limit: wholeNumberText(1, mostPlans)
    .default(usualPlans)
    .meta(wholeNumberMeta(1, mostPlans, "Plans at most; fewer where they are long.", usualPlans)),
});

const route = createRoute({
  method: "get",
  path: "/jobs/{id}/plans",
  tags: ["jobs"],
  summary: "What the steps of a job run, plan by plan",
  description:
    "Every plan that the job has or had, in their order: those of a model, of the caller, or taken from the prompt, while " +
    "it runs and afterwards, also those that another replaced after a failed step or in a new attempt. How the steps went is " +
    "in `plan` of the job and in its `step` events. A job that ran on a version without this route has none here.",
  request: { params: jobIdParams, query },
  responses: {
    200: { description: "A page of its plans.", content: { "application/json": { schema: planPage } } },
    ...problemResponses("invalid_id", "job_not_found", "expired", "too_much_at_once", "bodies_full"),
  },
});

/** GET /jobs/{id}/plans */
export function jobPlansRoute(app: Api, { showPlans }: JobPlansRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const own = { tenant: c.get("caller").tenant, jobId: id };
    const shown = await showPlans(own, c.req.valid("query"), ({ plans, hasMore }) => {
      const next = hasMore ? (plans.at(-1)?.seq ?? null) : null;
      return c.json({ job_id: id, plans: plans.map(toPlan), next_after: next }, 200);
    });
    if (shown.ok) return shown.value;
    const { failure } = shown;
    return answerProblem(
      c,
      failure,
      failure === "job_not_found" ? `There is no job ${id}.` : whyNot[failure],
    );
  });
}

function toPlan({ seq, time, attempt, source, turns, steps }: PlanRecord) {
  return {
    ...{ seq, time: time.toISOString(), attempt, source, turns },
    steps: steps === null ? null : steps.map(toReadableStep),
  };
}

const whyNot = {
  expired: "The job's retention is over: its plans are told no more.",
  too_much_at_once:
    "You ask for more plans of jobs at once than one caller may: ask again when the others are answered.",
  bodies_full: "More is asked for at once than this server holds: ask again in a moment.",
} as const satisfies Record<Exclude<PlansNotShown, "job_not_found">, string>;
