import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { OwnJob } from "@longshore/shared/domain/access";
import { z } from "zod";
import { addressOf } from "../access/address-of.ts";
import type { DownloadedArchive } from "../access/download-trail.ts";
import type { Api } from "../api-env.ts";
import type { ArchiveFiles } from "../archive-files/create-archive-files.ts";
import { attachment } from "../http/attachment.ts";
import { matchesIfNoneMatch, toEntityTag } from "../http/entity-tag.ts";
import { mediaTypeOf } from "../http/media-type-of.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { findArchive, noArchiveCodes, whyNoArchive } from "../use-cases/find-archive.ts";

export interface JobFileRouteDeps {
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  readonly archiveFiles: ArchiveFiles;
  /** Called for each file that is given. */
  readonly onDownloaded: (downloaded: DownloadedArchive) => void;
}

const paramsOf = jobIdParams.extend({
  path: z.string().min(1).meta({ description: "As `/jobs/{id}/files` tells it, percent-encoded." }),
});
const always = { ETag: { description: "Of the file's bytes.", schema: { type: "string" as const } } };

const documented = {
  method: "get",
  path: "/jobs/{id}/files/{path}",
  tags: ["jobs"],
  summary: "One file of a job's archive",
  description:
    "The file alone, unpacked. It is a stranger's: a browser saves it, and opens nothing of it on this origin. Takes HEAD, too.",
  request: { params: paramsOf, query: noQuery },
  responses: {
    200: {
      description: "The file's bytes, with the media type that its name stands for.",
      headers: always,
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
    304: { description: "The client has it already.", headers: always },
    ...problemResponses("invalid_id", ...noArchiveCodes, "file_not_found"),
  },
} as const satisfies RouteConfig;

/** Takes the slashes of a path encoded or not. OpenAPI (3.1) has no word for that, so the document has the route without it. */
const route = createRoute({ ...documented, path: "/jobs/{id}/files/{path}{.+}", hide: true });

/** GET and HEAD /jobs/{id}/files/{path} */
export function jobFileRoute(app: Api, deps: JobFileRouteDeps): void {
  app.openAPIRegistry.registerPath(documented);
  app.openapi(route, async (c) => {
    const { id, path } = c.req.valid("param");
    const { tenant, keyId } = c.get("caller");
    const found = findArchive(await deps.readJob({ tenant, jobId: id }));
    if (!found.ok) return answerProblem(c, found.failure, whyNoArchive[found.failure]);
    const archive = found.value;
    const file = await deps.archiveFiles.find(archive, path);
    if (file === "expired") return answerProblem(c, "expired", whyNoArchive.expired);
    if (file === null)
      return answerProblem(
        c,
        "file_not_found",
        `The archive has no such file: /jobs/${id}/files lists what it has.`,
      );
    const tag = toEntityTag(`${archive.sha256}-${file.crc32.toString(16)}-${file.bytes.toString(16)}`);
    if (matchesIfNoneMatch(c.req.header("If-None-Match"), tag)) return c.body(null, 304, { ETag: tag });
    const isHead = c.req.method === "HEAD";
    const body = isHead ? "" : await file.open();
    if (body === "expired") return answerProblem(c, "expired", whyNoArchive.expired);
    if (!isHead)
      deps.onDownloaded({
        by: "caller",
        tenant,
        keyId,
        jobId: id,
        requestId: c.get("requestId"),
        address: addressOf(c),
      });
    return c.body(body, 200, {
      "Content-Type": mediaTypeOf(path),
      "Content-Length": String(file.bytes),
      "Content-Disposition": attachment(path.slice(path.lastIndexOf("/") + 1)),
      "Cache-Control": "private, no-cache",
      // Should a browser open it all the same, it opens as nobody's, and without script.
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      ETag: tag,
    });
  });
}
