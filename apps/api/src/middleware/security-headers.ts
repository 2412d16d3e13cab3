import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { ApiEnv } from "../api-env.ts";

// Whether a name is to be asked by HTTPS alone is for whoever ends TLS to say: here it is not known.
const common = secureHeaders({ strictTransportSecurity: false, xFrameOptions: "DENY" });

/** Answers are data: no browser is to guess their type, frame them, load them into other pages or tell others their address. */
export function securityHeaders(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await common(c, next);
    if (!c.res.headers.has("Content-Security-Policy")) {
      c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    }
  };
}
