import { createRoute } from "@hono/zod-openapi";
import { logPage, logStream } from "@longshore/shared/contracts/log-line";
import type { JobRecord } from "@longshore/shared/db/job-record";
import { toLogLine } from "@longshore/shared/db/to-event-data";
import type { OwnJob } from "@longshore/shared/domain/access";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { prefersPlainText } from "../http/accept.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { type ReadLogPageDeps, readLogPage } from "../use-cases/read-log-page.ts";
import { toPlainLog } from "../use-cases/to-plain-log.ts";
import { isExpired } from "../use-cases/is-expired.ts";

const query = z.strictObject({
  after: wholeNumberText(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta(wholeNumberMeta(0, Number.MAX_SAFE_INTEGER, "Lines after the one of this `seq`.", 0)),
  limit: wholeNumberText(1, 10_000)
    .default(1_000)
    .meta(wholeNumberMeta(1, 10_000, "Lines at most; a page of long lines holds fewer.", 1_000)),
  stream: logStream.optional().meta({ description: "Lines of this stream only." }),
  format: z.enum(["json", "text"]).optional().meta({
    description: "`text` gives the lines as they were, those of `system` only with `stream=system`.",
  }),
});

const route = createRoute({
  method: "get",
  path: "/logs/{id}",
  tags: ["jobs"],
  summary: "A job's log",
  request: { params: jobIdParams, query },
  responses: {
    200: {
      description:
        "Lines of the log. As text, the headers X-Next-After and X-Complete tell what JSON has in its fields.",
      headers: {
        "X-Next-After": { description: "What to ask with next.", schema: { type: "integer" as const } },
        "X-Complete": { description: "true or false", schema: { type: "string" as const } },
      },
      content: { "application/json": { schema: logPage }, "text/plain": { schema: z.string() } },
    },
    ...problemResponses("invalid_id", "job_not_found", "expired"),
  },
});

export interface LogsRouteDeps extends ReadLogPageDeps {
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
}

/** GET /logs/{id} */
export function logsRoute(app: Api, deps: LogsRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { after, limit, stream, format } = c.req.valid("query");
    const own = { tenant: c.get("caller").tenant, jobId: id };
    const job = await deps.readJob(own);
    if (job === null) return answerProblem(c, "job_not_found", `There is no job ${id}.`);
    if (isExpired(job)) return answerProblem(c, "expired", whyExpired);
    const asText = format === "text" || (format === undefined && prefersPlainText(c.req.header("Accept")));
    const streams = stream !== undefined ? [stream] : asText ? plainStreams : logStream.options;
    const page = await readLogPage(deps, job, { after, limit, streams });
    // Removed while they were read: a page that lacks lines must not look like one that has them all.
    const still = await deps.readJob(own);
    if (still === null) return answerProblem(c, "job_not_found", `There is no job ${id}.`);
    if (isExpired(still)) return answerProblem(c, "expired", whyExpired);
    c.header("Vary", "Accept");
    c.header("Cache-Control", "no-cache");
    c.header("X-Next-After", String(page.nextAfter));
    c.header("X-Complete", String(page.complete));
    if (asText) return c.text(toPlainLog(page), 200);
    const lines = page.rows.map(toLogLine);
    return c.json({ job_id: job.id, lines, next_after: page.nextAfter, complete: page.complete }, 200);
  });
}

const whyExpired = "The job's retention is over: its log is gone.";
const plainStreams = ["stdout", "stderr"] as const;
