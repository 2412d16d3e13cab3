import { createRoute } from "@hono/zod-openapi";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { OwnJob } from "@longshore/shared/domain/access";
import type { Api } from "../api-env.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { findArchive, noArchiveCodes, whyNoArchive } from "../use-cases/find-archive.ts";
import { answerArchive, type AnswerArchiveDeps, archiveHeaders, archiveResponses } from "./answer-archive.ts";

export interface DownloadRouteDeps extends AnswerArchiveDeps {
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
}

const route = createRoute({
  method: "get",
  path: "/download/{id}",
  tags: ["jobs"],
  summary: "Download a job's archive",
  description: "Takes HEAD, too. Of several ranges at once none is looked at: the answer is the whole.",
  request: { params: jobIdParams, query: noQuery, headers: archiveHeaders },
  responses: {
    ...archiveResponses,
    ...problemResponses("invalid_id", ...noArchiveCodes, "range_not_satisfiable"),
  },
});

/** GET and HEAD /download/{id} */
export function downloadRoute(app: Api, deps: DownloadRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { tenant, keyId } = c.get("caller");
    const found = findArchive(await deps.readJob({ tenant, jobId: id }));
    if (!found.ok) return answerProblem(c, found.failure, whyNoArchive[found.failure]);
    const [archive, given, by] = [
      found.value,
      c.req.valid("header"),
      { by: "caller", tenant, keyId },
    ] as const;
    return answerArchive(c, deps, { id, archive, given, by });
  });
}
