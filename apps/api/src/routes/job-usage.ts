import { createRoute } from "@hono/zod-openapi";
import { jobUsage } from "@longshore/shared/contracts/job-usage";
import type { JobUse } from "@longshore/shared/db/job-samples";
import type { OwnJob } from "@longshore/shared/domain/access";
import type { Api } from "../api-env.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";

export interface JobUsageRouteDeps {
  /** Null where there is no such Job. */
  readonly readJobUse: (own: OwnJob) => Promise<JobUse | null>;
}

const route = createRoute({
  method: "get",
  path: "/jobs/{id}/usage",
  tags: ["jobs"],
  summary: "What a job uses of its memory and its processors",
  description: "Looked at while it runs, for people to see; a job of less than two seconds has no samples.",
  request: { params: jobIdParams, query: noQuery },
  responses: {
    200: { description: "Its samples.", content: { "application/json": { schema: jobUsage } } },
    ...problemResponses("invalid_id", "job_not_found", "expired"),
  },
});

/** GET /jobs/{id}/usage */
export function jobUsageRoute(app: Api, { readJobUse }: JobUsageRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const use = await readJobUse({ tenant: c.get("caller").tenant, jobId: id });
    if (use === null) return answerProblem(c, "job_not_found", `There is no job ${id}.`);
    if (use.expired)
      return answerProblem(c, "expired", "The job's retention is over: what it used is not known any more.");
    const { memory_mb, cpus } = use.limits;
    const samples = use.samples.map(({ attempt, time, memoryBytes, cpuMs }) => ({
      ...{ attempt, time: time.toISOString() },
      ...{ memory_bytes: memoryBytes, cpu_ms: cpuMs },
    }));
    return c.json({ job_id: id, limits: { memory_mb, cpus }, samples }, 200);
  });
}
