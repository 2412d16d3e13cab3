import { createRoute } from "@hono/zod-openapi";
import { meView } from "@longshore/shared/contracts/me-view";
import type { Api } from "../api-env.ts";
import { noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import type { createDescribeCaller } from "../use-cases/describe-caller.ts";

export interface MeRouteDeps {
  readonly describeCaller: ReturnType<typeof createDescribeCaller>;
}

const route = createRoute({
  method: "get",
  path: "/me",
  tags: ["service"],
  summary: "Who asks",
  description:
    "The tenant of the caller, the API key that was sent, what it may do, and what the tenant may and does use. For every " +
    "API key, whatever its scopes.",
  request: { query: noQuery },
  responses: {
    200: { description: "The caller.", content: { "application/json": { schema: meView } } },
    ...problemResponses(),
  },
});

/** GET /me */
export function meRoute(app: Api, { describeCaller }: MeRouteDeps): void {
  app.openapi(route, async (c) => {
    c.header("Cache-Control", "no-store");
    return c.json(await describeCaller(c.get("caller"), c.get("scopes")), 200);
  });
}
