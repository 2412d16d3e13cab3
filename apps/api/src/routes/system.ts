import { createRoute } from "@hono/zod-openapi";
import { systemView } from "@longshore/shared/contracts/system-view";
import type { Api } from "../api-env.ts";
import { noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import type { createDescribeSystem } from "../use-cases/describe-system.ts";

export interface SystemRouteDeps {
  readonly describeSystem: ReturnType<typeof createDescribeSystem>;
}

const route = createRoute({
  method: "get",
  path: "/system",
  tags: ["service"],
  summary: "How the whole service is",
  description:
    "For who runs it: its workers, what waits, its components as `/ready` tells them, the disk, and what jobs failed by " +
    "lately, those of all tenants counted together.",
  request: { query: noQuery },
  responses: {
    200: { description: "The service now.", content: { "application/json": { schema: systemView } } },
    ...problemResponses(),
  },
});

/** GET /system */
export function systemRoute(app: Api, { describeSystem }: SystemRouteDeps): void {
  app.openapi(route, async (c) => {
    c.header("Cache-Control", "no-store");
    return c.json(await describeSystem(c.get("caller")), 200);
  });
}
