import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";

/** Refuses a parameter `__proto__`: validators lose that name, so that no schema could refuse it as unknown. */
export function refuseProtoQuery(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (!Object.hasOwn(c.req.queries(), "__proto__")) return next();
    return answerProblem(c, "invalid_query", "Query parameters are not valid; see errors.", [
      { pointer: "/query/__proto__", detail: "is not a known name here: check its spelling" },
    ]);
  };
}
