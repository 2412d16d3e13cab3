import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";

export const mostBodyBytes = 32 * 1024 * 1024;

export const bodyTooLarge = `A body has at most ${String(mostBodyBytes)} bytes (32 MiB).`;

/** Refuses a body by the length that it declares. One that declares none is counted where it is read (`read-body.ts`). */
export function bodyLimit(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const declared = Number(c.req.header("Content-Length") ?? "0");
    if (declared > mostBodyBytes) return answerProblem(c, "body_too_large", bodyTooLarge);
    return next();
  };
}
