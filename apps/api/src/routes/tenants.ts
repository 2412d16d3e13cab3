import { createRoute } from "@hono/zod-openapi";
import { limitChanges, tenantList, tenantView } from "@longshore/shared/contracts/tenant-view";
import type { TenantRecord } from "@longshore/shared/db/list-tenants";
import { toTenantView } from "@longshore/shared/db/to-tenant-view";
import { type Actor, isOperator } from "@longshore/shared/domain/access";
import type { OwnLimits, TenantLimits } from "@longshore/shared/domain/tenant-limits";
import type { Logger } from "@longshore/shared/runtime/logger";
import { actorOf } from "../access/actor-of.ts";
import { answerNoKeys } from "../access/answer-no-keys.ts";
import type { Api } from "../api-env.ts";
import type { BodyRoom } from "../middleware/body-room.ts";
import { toBodyFaults } from "../middleware/describe-issue.ts";
import { jsonBody, jsonBodyCodes } from "../middleware/json-body.ts";
import { noQuery, tenantParams } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";

export interface TenantRoutesDeps {
  /** By name; the one of this name, whatever is known of it, or all where that is null. */
  readonly listTenants: (tenant: string | null) => Promise<readonly TenantRecord[]>;
  readonly limitTenant: (tenant: string, changes: Partial<OwnLimits>, by: Actor) => Promise<void>;
  /** The service's own, which hold for who has none. */
  readonly tenantLimits: TenantLimits;
  readonly bodyRoom: BodyRoom;
  readonly logger: Logger;
}

const listRoute = createRoute({
  method: "get",
  path: "/tenants",
  tags: ["service"],
  summary: "The tenants, their limits and what they use",
  description:
    "An admin of the tenant `local`, who runs the service, sees all that have keys or limits, any other admin its own.",
  request: { query: noQuery },
  responses: {
    200: { description: "The tenants.", content: { "application/json": { schema: tenantList } } },
    ...problemResponses(),
  },
});

const limitRouteOf = (bodyRoom: BodyRoom) =>
  createRoute({
    method: "patch",
    path: "/tenants/{name}",
    tags: ["service"],
    summary: "Change a tenant's limits",
    description:
      "Those that are given; others stay. The next submission is held against them. Only for admins of the tenant `local`, " +
      "who run the service. A tenant needs no keys yet.",
    middleware: [jsonBody(bodyRoom)] as const,
    request: { params: tenantParams, query: noQuery },
    // As in POST /schedule.
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/LimitChanges" } } },
    },
    responses: {
      200: { description: "The tenant now.", content: { "application/json": { schema: tenantView } } },
      ...problemResponses(...jsonBodyCodes, "invalid_id", "keys_unconfigured"),
    },
  });

/** GET /tenants and PATCH /tenants/{name} */
export function tenantRoutes(app: Api, deps: TenantRoutesDeps): void {
  const { listTenants, limitTenant, tenantLimits, logger } = deps;
  app.openapi(listRoute, async (c) => {
    const caller = c.get("caller");
    const tenants = await listTenants(isOperator(caller) ? null : caller.tenant);
    c.header("Cache-Control", "no-store");
    return c.json({ tenants: tenants.map((each) => toTenantView(each, tenantLimits)) }, 200);
  });
  app.openAPIRegistry.register("LimitChanges", limitChanges);
  app.openapi(limitRouteOf(deps.bodyRoom), async (c) => {
    const { name } = c.req.valid("param");
    const parsed = limitChanges.safeParse(c.get("body"));
    if (!parsed.success) {
      const faults = toBodyFaults(parsed.error.issues);
      return answerProblem(c, "invalid_body", "The body is not valid; see errors.", faults);
    }
    const by = actorOf(c);
    if (by.keyId === null) return answerNoKeys(c);
    await limitTenant(name, parsed.data, by);
    logger.info({ audit: "tenant.limited", of: name, ...by }, "a tenant's limits were changed");
    const [tenant] = await listTenants(name);
    if (tenant === undefined) throw new Error("a tenant that has limits is not listed");
    return c.json(toTenantView(tenant, tenantLimits), 200);
  });
}
