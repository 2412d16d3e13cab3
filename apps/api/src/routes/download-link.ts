import { createRoute } from "@hono/zod-openapi";
import { downloadLinkAnswer } from "@longshore/shared/contracts/job-view";
import type { NewAuditEvent } from "@longshore/shared/db/audit-trail";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { OwnJob } from "@longshore/shared/domain/access";
import { z } from "zod";
import { actorOf } from "../access/actor-of.ts";
import type { DownloadLinks } from "../access/download-links.ts";
import type { Api } from "../api-env.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { findArchive, noArchiveCodes, whyNoArchive } from "../use-cases/find-archive.ts";

export interface DownloadLinkRouteDeps {
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  readonly links: DownloadLinks;
  readonly appendAuditEvent: (event: NewAuditEvent) => Promise<void>;
}

const [day, week] = [86_400, 7 * 86_400];

const route = createRoute({
  method: "post",
  path: "/jobs/{id}/download-link",
  tags: ["jobs"],
  summary: "Make a link to a job's archive, to be handed on",
  description:
    "Whoever has the link gets the archive, without a key, until the link or the archive expires. It cannot be taken back " +
    "but by deleting the job; that the key it was made with is revoked does not end it. Hence only a key that may read " +
    "and write makes one.",
  request: {
    params: jobIdParams,
    query: z.strictObject({
      expires_in_seconds: wholeNumberText(1, week)
        .default(day)
        .meta(wholeNumberMeta(1, week, "How long the link is good for, in seconds.", day)),
    }),
  },
  responses: {
    201: {
      description: "The link.",
      headers: { Location: { description: "The link.", schema: { type: "string" as const } } },
      content: { "application/json": { schema: downloadLinkAnswer } },
    },
    ...problemResponses("invalid_id", ...noArchiveCodes, "body_too_large"),
  },
});

/** POST /jobs/{id}/download-link */
export function downloadLinkRoute(
  app: Api,
  { readJob, links, appendAuditEvent }: DownloadLinkRouteDeps,
): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { requestId, ...caller } = actorOf(c);
    const found = findArchive(await readJob({ tenant: caller.tenant, jobId: id }));
    if (!found.ok) return answerProblem(c, found.failure, whyNoArchive[found.failure]);
    const { link, expiresAt } = await links.sign(id, c.req.valid("query").expires_in_seconds);
    const details = { expires_at: expiresAt.toISOString() };
    // Before it is given out: what is handed on without a key leaves its trace.
    await appendAuditEvent({ action: "job.shared", ...caller, jobId: id, requestId, details });
    c.header("Location", link);
    return c.json({ job_id: id, download_link: link, expires_at: expiresAt.toISOString() }, 201);
  });
}
