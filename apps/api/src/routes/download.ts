import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { parseByteRange } from "../http/byte-range.ts";
import { allowsRange, matchesIfNoneMatch, toEntityTag } from "../http/entity-tag.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import {
  type FindArchiveDeps,
  findArchive,
  type OpenArchive,
  whyNoArchive,
} from "../use-cases/find-archive.ts";

export interface DownloadRouteDeps extends FindArchiveDeps {
  readonly openArchive: OpenArchive;
}

const text = (description: string) => ({ description, schema: { type: "string" as const } });
const zip = { "application/zip": { schema: z.string().openapi({ format: "binary" }) } };
const always = { ETag: text("The archive's SHA-256."), "Accept-Ranges": text("bytes") };
const header = (description: string) => z.string().optional().meta({ description });

const route = createRoute({
  method: "get",
  path: "/download/{id}",
  tags: ["jobs"],
  summary: "Download a job's archive",
  description: "Takes HEAD, too. Of several ranges at once none is looked at: the answer is the whole.",
  request: {
    params: jobIdParams,
    query: noQuery,
    headers: z.object({
      Range: header("One range of bytes."),
      "If-Range": header("An ETag: a part is given only where it still fits."),
      "If-None-Match": header("ETags that the client has."),
    }),
  },
  responses: {
    200: {
      description: "The zip.",
      headers: {
        ...always,
        "Content-Disposition": text("attachment"),
        "Content-Length": text("Bytes of the zip."),
      },
      content: zip,
    },
    206: {
      description: "The part of the zip that was asked for.",
      headers: { ...always, "Content-Range": text("bytes first-last/all") },
      content: zip,
    },
    304: { description: "The client has it already.", headers: always },
    ...problemResponses(
      "invalid_id",
      "job_not_found",
      "no_archive",
      "not_finished",
      "expired",
      "range_not_satisfiable",
    ),
  },
});

/** GET and HEAD /download/{id} */
export function downloadRoute(app: Api, deps: DownloadRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const found = await findArchive(deps, { tenant: c.get("caller").tenant, jobId: id });
    if (!found.ok) return answerProblem(c, found.failure, whyNoArchive[found.failure]);
    const { bytes, sha256 } = found.value;
    const tag = toEntityTag(sha256);
    const headers = {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="${id}.zip"`,
      "Accept-Ranges": "bytes",
      "Cache-Control": "private, no-transform",
      ETag: tag,
    };
    const given = c.req.valid("header");
    if (matchesIfNoneMatch(given["If-None-Match"], tag)) {
      return c.body(null, 304, { ETag: tag, "Accept-Ranges": "bytes" });
    }
    const range = allowsRange(given["If-Range"], tag)
      ? parseByteRange(given.Range, bytes)
      : { type: "whole" as const };
    if (range.type === "unsatisfiable") {
      c.header("Content-Range", `bytes */${String(bytes)}`);
      return answerProblem(c, "range_not_satisfiable", `The archive has ${String(bytes)} bytes.`);
    }
    const [start, end] = range.type === "part" ? [range.start, range.end] : [0, bytes - 1];
    const body = c.req.method === "HEAD" ? "" : await deps.openArchive(found.value, { start, end });
    if (body === "expired") return answerProblem(c, "expired", whyNoArchive.expired);
    const length = { "Content-Length": String(end - start + 1) };
    if (range.type === "whole") return c.body(body, 200, { ...headers, ...length });
    const part = { "Content-Range": `bytes ${String(start)}-${String(end)}/${String(bytes)}` };
    return c.body(body, 206, { ...headers, ...length, ...part });
  });
}
