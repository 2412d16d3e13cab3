import type { Archive } from "@longshore/shared/domain/job";
import type { Context } from "hono";
import { z } from "zod";
import { addressOf } from "../access/address-of.ts";
import type { DownloadedArchive } from "../access/download-trail.ts";
import type { ApiEnv } from "../api-env.ts";
import { parseByteRange } from "../http/byte-range.ts";
import { allowsRange, matchesIfNoneMatch, toEntityTag } from "../http/entity-tag.ts";
import { answerProblem } from "../problem.ts";
import { type OpenArchive, whyNoArchive } from "../use-cases/find-archive.ts";

const text = (description: string) => ({ description, schema: { type: "string" as const } });
const zip = { "application/zip": { schema: z.string().openapi({ format: "binary" }) } };
const always = { ETag: text("The archive's SHA-256."), "Accept-Ranges": text("bytes") };
const header = (description: string) => z.string().optional().meta({ description });

/** What every route that gives an archive takes of headers. */
export const archiveHeaders = z.object({
  Range: header("One range of bytes."),
  "If-Range": header("An ETag: a part is given only where it still fits."),
  "If-None-Match": header("ETags that the client has."),
});

/** How every route that gives an archive answers, where there is one. */
export const archiveResponses = {
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
};

export interface AnswerArchiveDeps {
  readonly openArchive: OpenArchive;
  /** Called for each archive, or part of one, that is given. */
  readonly onDownloaded: (downloaded: DownloadedArchive) => void;
}

/** Answers GET and HEAD with an archive, or the part of it that was asked for. */
export async function answerArchive(
  c: Context<ApiEnv>,
  { openArchive, onDownloaded }: AnswerArchiveDeps,
  {
    id,
    archive,
    given,
    by,
  }: {
    readonly id: string;
    readonly archive: Archive;
    readonly given: z.output<typeof archiveHeaders>;
    readonly by: Pick<DownloadedArchive, "by" | "tenant" | "keyId">;
  },
) {
  const { bytes, sha256 } = archive;
  const tag = toEntityTag(sha256);
  const headers = {
    "Content-Type": "application/zip",
    "Content-Disposition": `attachment; filename="${id}.zip"`,
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-transform",
    ETag: tag,
  };
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
  const body = c.req.method === "HEAD" ? "" : await openArchive(archive, { start, end });
  if (body === "expired") return answerProblem(c, "expired", whyNoArchive.expired);
  if (c.req.method !== "HEAD")
    onDownloaded({ ...by, jobId: id, requestId: c.get("requestId"), address: addressOf(c) });
  const length = { "Content-Length": String(end - start + 1) };
  if (range.type === "whole") return c.body(body, 200, { ...headers, ...length });
  const part = { "Content-Range": `bytes ${String(start)}-${String(end)}/${String(bytes)}` };
  return c.body(body, 206, { ...headers, ...length, ...part });
}
