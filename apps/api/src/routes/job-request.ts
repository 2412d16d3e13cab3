import { createRoute } from "@hono/zod-openapi";
import { askedRequest } from "@longshore/shared/contracts/asked-request";
import type { Api } from "../api-env.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import type { createShowRequest, NotShown } from "../use-cases/show-request.ts";

export interface JobRequestRouteDeps {
  readonly showRequest: ReturnType<typeof createShowRequest>;
}

const route = createRoute({
  method: "get",
  path: "/jobs/{id}/request",
  tags: ["jobs"],
  summary: "What was asked of a job",
  description:
    "As `POST /schedule` takes it again: what was given, and what is in force where nothing was. `steps` are those of the " +
    "caller; what a model has planned is in the job's `plan`. Contents of files are text where they are text, and base64 " +
    "otherwise. What a job with secrets does is sealed with them and wiped when it ends, as any text of it may hold one: " +
    "409 `request_sealed` before its end, 410 `request_wiped` afterwards. It takes a key that may read and write, as it has " +
    "the `env` and the files of the job; when the retention of the job is over, it is 410 `expired`.",
  request: { params: jobIdParams, query: noQuery },
  responses: {
    200: { description: "The request.", content: { "application/json": { schema: askedRequest } } },
    ...problemResponses(
      "invalid_id",
      "job_not_found",
      "expired",
      "request_sealed",
      "request_wiped",
      "too_much_at_once",
      "bodies_full",
    ),
  },
});

/** GET /jobs/{id}/request */
export function jobRequestRoute(app: Api, { showRequest }: JobRequestRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const shown = await showRequest({ tenant: c.get("caller").tenant, jobId: id }, (request) =>
      c.json({ job_id: id, request, secret_names: [] }, 200),
    );
    if (shown.ok) return shown.value;
    return answerProblem(
      c,
      shown.failure,
      shown.failure === "job_not_found" ? `There is no job ${id}.` : whyNot[shown.failure],
    );
  });
}

const again = "To run it again, send POST /schedule what you sent then, with its secrets.";
const whyNot = {
  expired: "The job's retention is over: what was asked of it is told no more.",
  request_sealed: `This job has secrets, and what it does is sealed with them: nobody is shown it. ${again}`,
  request_wiped: `This job had secrets, and what it did was wiped with them when it ended. ${again}`,
  too_much_at_once:
    "You ask for more requests of jobs at once than one caller may: ask again when the others are answered.",
  bodies_full: "More is asked for at once than this server holds: ask again in a moment.",
} as const satisfies Record<Exclude<NotShown, "job_not_found">, string>;
