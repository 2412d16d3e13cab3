import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Context } from "hono";
import type { Api, ApiEnv } from "../api-env.ts";
import { takesCoding } from "../http/accept.ts";
import { matchesIfNoneMatch, toEntityTag } from "../http/entity-tag.ts";
import { answerProblem } from "../problem.ts";

export interface DashboardRouteDeps {
  /** Where the built dashboard lies: `index.html`, and what it loads in `assets`. */
  readonly dashboardFolder: string;
}

// Its own files alone, and pictures that it makes of a job's outputs. Nothing inline, nothing from elsewhere.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; frame-src blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const mediaTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
/** The smaller first. */
const encodings = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

/** GET /ui and below: the dashboard. Each of its pages is the same file, which looks at the address itself. */
export function dashboardRoute(app: Api, { dashboardFolder }: DashboardRouteDeps): void {
  app.get("/ui/assets/:name", async (c) => {
    const name = c.req.param("name");
    const type = mediaTypes[extname(name)];
    // The names that the build gives: nothing that leads elsewhere.
    if (type === undefined || !/^[\w-]{1,80}(?:\.[\w-]{1,80}){1,3}$/.test(name)) return noSuchFile(c);
    const found = await readSmallest(join(dashboardFolder, "assets", name), c.req.header("Accept-Encoding"));
    if (found === null) return noSuchFile(c);
    c.header("Vary", "Accept-Encoding");
    if (found.encoding !== null) c.header("Content-Encoding", found.encoding);
    // Its name is that of its content.
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    return c.body(found.bytes, 200, { "Content-Type": type });
  });
  app.get("/ui/*", async (c) => {
    const bytes = await readWhere(join(dashboardFolder, "index.html"));
    if (bytes === null)
      return answerProblem(c, "route_not_found", "The dashboard is not built here; `npm start` builds it.");
    const tag = toEntityTag(createHash("sha256").update(bytes).digest("hex"));
    const headers = { "Content-Security-Policy": policy, "Cache-Control": "no-cache", ETag: tag };
    if (matchesIfNoneMatch(c.req.header("If-None-Match"), tag)) return c.body(null, 304, headers);
    return c.body(bytes, 200, { ...headers, "Content-Type": "text/html; charset=utf-8" });
  });
}

/** The file as the client takes it best: packed, where it is there packed. */
async function readSmallest(
  file: string,
  header: string | undefined,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly encoding: string | null } | null> {
  for (const { name, ending } of encodings.filter((each) => takesCoding(header, each.name))) {
    const packed = await readWhere(`${file}${ending}`);
    if (packed !== null) return { bytes: packed, encoding: name };
  }
  const bytes = await readWhere(file);
  return bytes === null ? null : { bytes, encoding: null };
}

/** Null where there is no such file. */
async function readWhere(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

function noSuchFile(c: Context<ApiEnv>): Response {
  return answerProblem(c, "route_not_found", "The dashboard has no such file; /ui is its beginning.");
}
