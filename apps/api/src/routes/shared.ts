import { createRoute } from "@hono/zod-openapi";
import type { JobRecord } from "@longshore/shared/db/job-record";
import { z } from "zod";
import type { DownloadLinks } from "../access/download-links.ts";
import type { Api } from "../api-env.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { findArchive, noArchiveCodes, whyNoArchive } from "../use-cases/find-archive.ts";
import { answerArchive, type AnswerArchiveDeps, archiveHeaders, archiveResponses } from "./answer-archive.ts";

export interface SharedRouteDeps extends AnswerArchiveDeps {
  readonly links: DownloadLinks;
  /** A Job of whatever tenant. */
  readonly readSharedJob: (jobId: string) => Promise<JobRecord | null>;
}

// The last second that a Date can tell.
const latest = 8_640_000_000_000;

const route = createRoute({
  method: "get",
  path: "/shared/{id}",
  tags: ["jobs"],
  summary: "Download a job's archive by a link",
  description:
    "Takes no key, but a link of `POST /jobs/{id}/download-link`, whole. Else as `GET /download/{id}`.",
  request: {
    params: jobIdParams,
    query: z.strictObject({
      expires: wholeNumberText(0, latest).meta(wholeNumberMeta(0, latest, "Of the link.")),
      signature: z.string().max(100).meta({ description: "Of the link." }),
    }),
    headers: archiveHeaders,
  },
  responses: {
    ...archiveResponses,
    ...problemResponses(
      "invalid_id",
      "link_forged",
      "link_expired",
      ...noArchiveCodes,
      "range_not_satisfiable",
    ),
  },
});

/** GET and HEAD /shared/{id} */
export function sharedRoute(app: Api, deps: SharedRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const checked = await deps.links.check(id, c.req.valid("query"));
    if (checked !== "valid") return answerProblem(c, checked, whyNoLink[checked]);
    const job = await deps.readSharedJob(id);
    if (job === null) return answerProblem(c, "job_not_found", whyNoArchive.job_not_found);
    const found = findArchive(job);
    if (!found.ok) return answerProblem(c, found.failure, whyNoArchive[found.failure]);
    const by = { by: "link", tenant: job.tenant, keyId: null } as const;
    return answerArchive(c, deps, { id, archive: found.value, given: c.req.valid("header"), by });
  });
}

const whyNoLink = {
  link_forged: "This is no link of this service. Take it whole, as it was given.",
  link_expired: "This link has expired: ask whoever gave it for a new one.",
} as const;
