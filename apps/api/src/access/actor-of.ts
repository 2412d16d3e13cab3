import type { Actor } from "@longshore/shared/domain/access";
import type { Context } from "hono";
import type { ApiEnv } from "../api-env.ts";

/** Who asks, and by which request, as the audit trail tells it. */
export function actorOf(c: Context<ApiEnv>): Actor {
  return { ...c.get("caller"), requestId: c.get("requestId") };
}
