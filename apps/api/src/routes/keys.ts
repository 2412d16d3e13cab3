import { createRoute } from "@hono/zod-openapi";
import { keyList } from "@longshore/shared/contracts/key-view";
import type { KeyRecord } from "@longshore/shared/db/list-keys";
import { toKeyView } from "@longshore/shared/db/to-key-view";
import { isOperator } from "@longshore/shared/domain/access";
import type { Api } from "../api-env.ts";
import { noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";

export interface KeysRouteDeps {
  /** The newest first; of one tenant, or of all where that is null. */
  readonly listKeys: (tenant: string | null) => Promise<readonly KeyRecord[]>;
}

const route = createRoute({
  method: "get",
  path: "/keys",
  tags: ["service"],
  summary: "The API keys",
  description:
    "Without their secrets, which nobody has. An admin of the tenant `local`, who runs the service, sees those of all " +
    "tenants, any other admin those of its own.",
  request: { query: noQuery },
  responses: {
    200: { description: "The keys.", content: { "application/json": { schema: keyList } } },
    ...problemResponses(),
  },
});

/** GET /keys */
export function keysRoute(app: Api, { listKeys }: KeysRouteDeps): void {
  app.openapi(route, async (c) => {
    const caller = c.get("caller");
    const keys = await listKeys(isOperator(caller) ? null : caller.tenant);
    c.header("Cache-Control", "no-store");
    return c.json({ keys: keys.map(toKeyView) }, 200);
  });
}
