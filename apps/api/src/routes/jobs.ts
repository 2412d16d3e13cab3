import { createRoute } from "@hono/zod-openapi";
import { jobList } from "@longshore/shared/contracts/job-view";
import type { JobFilter, JobPage } from "@longshore/shared/db/list-jobs";
import { toJobSummary } from "@longshore/shared/db/to-job-view";
import type { Api } from "../api-env.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { decodeCursor, encodeCursor } from "../use-cases/job-cursor.ts";
import { jobsQuery, metadataParameter, toJobFilter } from "./jobs-query.ts";

export interface JobsRouteDeps {
  readonly listJobs: (
    tenant: string,
    filter: JobFilter,
    page: { readonly before: string | null; readonly limit: number },
  ) => Promise<JobPage>;
}

const route = createRoute({
  method: "get",
  path: "/jobs",
  tags: ["jobs"],
  summary: "List jobs, newest first",
  description:
    "A page ends early where prompts are long, and a search (`q`, or a label that thousands have) where it has looked at many: " +
    "it then has fewer jobs than `limit`, or none, and the list goes on all the same. `next_cursor` is null on the last page.",
  parameters: [metadataParameter],
  request: { query: jobsQuery },
  responses: {
    200: { description: "A page of jobs.", content: { "application/json": { schema: jobList } } },
    ...problemResponses("invalid_cursor"),
  },
});

/** GET /jobs */
export function jobsRoute(app: Api, { listJobs }: JobsRouteDeps): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const filter = toJobFilter(query);
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, filter);
    if (before === null && query.cursor !== undefined) {
      const detail =
        "This cursor is none of this list: take next_cursor of the page before, with the same filters.";
      return answerProblem(c, "invalid_cursor", detail);
    }
    const { jobs, goesOnAfter } = await listJobs(c.get("caller").tenant, filter, {
      before,
      limit: query.limit,
    });
    const nextCursor = goesOnAfter === null ? null : encodeCursor(goesOnAfter, filter);
    return c.json({ jobs: jobs.map(toJobSummary), next_cursor: nextCursor }, 200);
  });
}
