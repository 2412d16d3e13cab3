import { cors } from "hono/cors";
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "../api-env.ts";

// What a page may send beside what browsers allow anyway, and what it may read of an answer.
const allowHeaders = [
  ...["Authorization", "X-API-Key", "Content-Type", "Idempotency-Key", "X-Request-Id"],
  ...["Last-Event-ID", "Range", "If-Range", "If-None-Match"],
];
const exposeHeaders = [
  ...["Location", "Idempotent-Replay", "X-Request-Id", "Retry-After", "WWW-Authenticate", "ETag"],
  ...["Content-Disposition", "Content-Length", "Content-Range", "X-Next-After", "X-Complete"],
];
const keptSeconds = 600;

/** Lets pages of these origins use the service from a browser. Without any, no page of another origin can read an answer. */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler<ApiEnv> {
  return cors({
    origin: [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    allowHeaders,
    exposeHeaders,
    maxAge: keptSeconds,
  });
}
