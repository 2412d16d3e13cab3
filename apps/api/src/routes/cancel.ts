import { createRoute } from "@hono/zod-openapi";
import { cancelAnswer } from "@longshore/shared/contracts/job-view";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { actorOf } from "../access/actor-of.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import type { createCancelJob } from "../use-cases/cancel-job.ts";

const longestWaitSeconds = 30;

const query = z.strictObject({
  wait: wholeNumberText(0, longestWaitSeconds)
    .default(0)
    .meta(wholeNumberMeta(0, longestWaitSeconds, "Seconds to wait for the end of a running job.", 0)),
});

const route = createRoute({
  method: "post",
  path: "/cancel/{id}",
  tags: ["jobs"],
  summary: "Cancel a job",
  description:
    "A queued job is cancelled at once, a running one as soon as its sandbox is gone. Twice is as once.",
  request: { params: jobIdParams, query },
  responses: {
    200: {
      description: "`cancelled` is true where the job is, or by this request will be, cancelled.",
      content: { "application/json": { schema: cancelAnswer } },
    },
    ...problemResponses("invalid_id", "job_not_found", "body_too_large"),
  },
});

/** POST /cancel/{id} */
export function cancelRoute(
  app: Api,
  {
    cancelJob,
    stopping,
  }: { readonly cancelJob: ReturnType<typeof createCancelJob>; readonly stopping: AbortSignal },
): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const gone = AbortSignal.any([c.req.raw.signal, stopping]);
    const cancelled = await cancelJob(id, actorOf(c), c.req.valid("query").wait * 1_000, gone);
    if (!cancelled.ok) return answerProblem(c, cancelled.failure, `There is no job ${id}.`);
    return c.json({ job_id: id, ...cancelled.value }, 200);
  });
}
