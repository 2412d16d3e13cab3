import { createRoute } from "@hono/zod-openapi";
import { filePage } from "@longshore/shared/contracts/file-page";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { OwnJob } from "@longshore/shared/domain/access";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import type { ArchiveFiles } from "../archive-files/create-archive-files.ts";
import { mediaTypeOf } from "../http/media-type-of.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { findArchive, noArchiveCodes, whyNoArchive } from "../use-cases/find-archive.ts";

export interface JobFilesRouteDeps {
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  readonly archiveFiles: ArchiveFiles;
}

const [mostEntries, usualEntries] = [10_000, 1_000];
const mostAfter = Number.MAX_SAFE_INTEGER;
const query = z.strictObject({
  after: wholeNumberText(0, mostAfter)
    .default(0)
    .meta(wholeNumberMeta(0, mostAfter, "Entries after so many.", 0)),
  limit: wholeNumberText(1, mostEntries)
    .default(usualEntries)
    .meta(wholeNumberMeta(1, mostEntries, "Entries at most.", usualEntries)),
});

const route = createRoute({
  method: "get",
  path: "/jobs/{id}/files",
  tags: ["jobs"],
  summary: "What a job's archive holds",
  description:
    "Outputs, log, result and manifest, in the order of the zip. `manifest.json` has the SHA-256 of each file.",
  request: { params: jobIdParams, query },
  responses: {
    200: {
      description: "A page of the archive's entries.",
      content: { "application/json": { schema: filePage } },
    },
    ...problemResponses("invalid_id", ...noArchiveCodes),
  },
});

/** GET /jobs/{id}/files */
export function jobFilesRoute(app: Api, { readJob, archiveFiles }: JobFilesRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { after, limit } = c.req.valid("query");
    const found = findArchive(await readJob({ tenant: c.get("caller").tenant, jobId: id }));
    if (!found.ok) return answerProblem(c, found.failure, whyNoArchive[found.failure]);
    const page = await archiveFiles.list(found.value, { after, limit });
    if (page === "expired") return answerProblem(c, "expired", whyNoArchive.expired);
    const files = page.entries.map((entry) => ({
      ...entry,
      media_type: entry.kind === "file" ? mediaTypeOf(entry.path) : null,
    }));
    const next = after + files.length;
    c.header("Cache-Control", "private, no-cache");
    return c.json({ job_id: id, files, total: page.total, next_after: next < page.total ? next : null }, 200);
  });
}
