import { redactApiKeys } from "@longshore/shared/domain/api-key";
import type { MiddlewareHandler } from "hono";
import { randomUUID } from "node:crypto";
import type { ApiEnv } from "../api-env.ts";

const visibleAscii = /^[\x21-\x7e]{1,128}$/;

/** Takes the caller's X-Request-Id over where it is safe to log and to send back, else makes one. */
export function requestId(makeId: () => string = randomUUID): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const given = c.req.header("X-Request-Id");
    // An API key that was put here by mistake is not safe.
    const isSafe = given !== undefined && visibleAscii.test(given) && redactApiKeys(given) === given;
    const id = isSafe ? given : makeId();
    c.set("requestId", id);
    c.header("X-Request-Id", id);
    await next();
  };
}
