import { createRoute } from "@hono/zod-openapi";
import { components } from "@longshore/shared/contracts/components";
import { problem } from "@longshore/shared/contracts/problem";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { problemBody, problemMediaType, retryAfterSeconds } from "../problem.ts";
import { checkReadiness, type CheckReadinessDeps } from "../use-cases/check-readiness.ts";

const readiness = z
  .strictObject({ status: z.enum(["ready", "degraded"]), components })
  .meta({ id: "Readiness" });
const notReady = problem.extend({ components }).meta({ id: "NotReady" });

const { 503: _, ...otherProblems } = problemResponses();

const route = createRoute({
  method: "get",
  path: "/ready",
  tags: ["service"],
  summary: "Whether jobs can be accepted and run",
  request: { query: noQuery },
  responses: {
    200: {
      description: "They can; `degraded` where a part is away without which it goes on.",
      content: { "application/json": { schema: readiness } },
    },
    503: {
      description: "`not_ready`: the database is away, or there is no worker.",
      content: { [problemMediaType]: { schema: notReady } },
    },
    ...otherProblems,
  },
});

/** GET /ready */
export function readyRoute(app: Api, deps: CheckReadinessDeps): void {
  app.openapi(route, async (c) => {
    c.header("Cache-Control", "no-store");
    const { status, components: states } = await checkReadiness(deps);
    if (status !== "unavailable") return c.json({ status, components: states }, 200);
    const reason = states.database.reason ?? states.workers.reason ?? "";
    c.header("Retry-After", String(retryAfterSeconds));
    const body = { ...problemBody("not_ready", `Jobs cannot run now: ${reason}.`), components: states };
    return c.json(body, 503, { "Content-Type": problemMediaType });
  });
}
