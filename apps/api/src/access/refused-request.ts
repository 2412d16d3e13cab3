import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { ApiEnv } from "../api-env.ts";
import { addressOf } from "./address-of.ts";
import type { RefusedRequest } from "./refusal-trail.ts";

/** What the audit trail tells of a request that is refused, whoever sent it. */
export function refusedRequest(c: Context<ApiEnv>): Pick<RefusedRequest, "requestId" | "route" | "address"> {
  const path = matchedRoutes(c).find(({ method }) => method !== "ALL")?.path ?? "";
  return {
    requestId: c.get("requestId"),
    route: `${c.req.method} ${path}`,
    address: addressOf(c),
  };
}
