import { createRoute } from "@hono/zod-openapi";
import { jobView } from "@longshore/shared/contracts/job-view";
import type { JobRecord } from "@longshore/shared/db/job-record";
import { toJobView } from "@longshore/shared/db/to-job-view";
import type { OwnJob } from "@longshore/shared/domain/access";
import type { Api } from "../api-env.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";

const route = createRoute({
  method: "get",
  path: "/status/{id}",
  tags: ["jobs"],
  summary: "Where a job stands",
  request: { params: jobIdParams, query: noQuery },
  responses: {
    200: { description: "The job.", content: { "application/json": { schema: jobView } } },
    ...problemResponses("invalid_id", "job_not_found"),
  },
});

/** GET /status/{id} */
export function statusRoute(
  app: Api,
  { readJob }: { readonly readJob: (own: OwnJob) => Promise<JobRecord | null> },
): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const job = await readJob({ tenant: c.get("caller").tenant, jobId: id });
    if (job === null) return answerProblem(c, "job_not_found", `There is no job ${id}.`);
    return c.json(toJobView(job), 200);
  });
}
