import type { Caller } from "@longshore/shared/domain/access";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { ApiEnv } from "../api-env.ts";

export interface ObserveRequestsDeps {
  readonly logger: Logger;
  readonly observeRequest: (
    labels: { method: string; route: string; status: string },
    seconds: number,
  ) => void;
}

const changing: ReadonlySet<string> = new Set(["POST", "PATCH", "DELETE"]);

/** Measures each request and writes one line of it; the path is a template, so that ids make no new series. */
export function observeRequests({ logger, observeRequest }: ObserveRequestsDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const durationMs = performance.now() - startedAt;
    const { status } = c.res;
    const path = routePath(c, -1);
    const route = path === "/*" ? "none" : path;
    observeRequest({ method: c.req.method, route, status: String(status) }, durationMs / 1_000);
    // What changes something is worth a line at any time; reading is not.
    const changes = changing.has(c.req.method);
    const level = changes || status >= 500 ? "info" : "debug";
    const { method, path: asked } = c.req;
    const { tenant, keyId } = knownCaller(c.get("caller"));
    logger[level](
      {
        ...{ requestId: c.get("requestId"), tenant, keyId, method, path: asked, status },
        durationMs: Math.round(durationMs),
      },
      "answered",
    );
  };
}

/** The caller of a public route, or one that was refused, is not known. */
function knownCaller(caller: Caller | undefined): Partial<Caller> {
  return caller ?? {};
}
