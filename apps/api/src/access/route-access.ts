import type { Scope } from "@longshore/shared/domain/access";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { Api, ApiEnv } from "../api-env.ts";

/**
 * What a route asks of its callers: nothing, a key of any kind, or one with a scope, or with each of several; or that they
 * run the service, as admins of its own tenant.
 */
export type RouteAccess = "public" | "any_key" | "operator" | Scope | readonly Scope[];

/**
 * Every route, and what it needs. What stands here as public tells nobody anything of jobs who has no link: load balancers
 * ask for /health, and people read the documentation, and open the dashboard, before they have given a key. /metrics and /system
 * count all tenants together.
 */
export const routeAccess: Readonly<Record<string, RouteAccess>> = {
  "GET /": "public",
  "GET /health": "public",
  "GET /docs": "public",
  "GET /docs/start.js": "public",
  "GET /docs/swagger-ui.css": "public",
  "GET /docs/swagger-ui-bundle.js": "public",
  "GET /docs/favicon-32x32.png": "public",
  "GET /openapi.json": "public",
  // The same files for everybody: what they show, they ask for with the reader's own key.
  "GET /ui/assets/:name": "public",
  "GET /ui/*": "public",
  "GET /ready": "any_key",
  "GET /me": "any_key",
  "GET /metrics": "admin",
  "GET /system": "admin",
  "GET /keys": "admin",
  // Of their own tenant, unless they run the service: see use-cases/make-key.ts and revoke-key.ts.
  "POST /keys": "admin",
  "DELETE /keys/:key": "admin",
  "GET /tenants": "admin",
  "PATCH /tenants/:name": "operator",
  "POST /schedule": "jobs:write",
  "GET /status/:id": "jobs:read",
  "GET /jobs": "jobs:read",
  "DELETE /jobs/:id": "jobs:write",
  // What was given to a job, its `env` and files with it: for who could have given it, and not for who watches.
  "GET /jobs/:id/request": ["jobs:read", "jobs:write"],
  "GET /jobs/:id/plans": "jobs:read",
  "GET /jobs/:id/usage": "jobs:read",
  "GET /jobs/:id/files": "jobs:read",
  "GET /jobs/:id/files/:path{.+}": "jobs:read",
  // A link reads, and outlives its key: it is not for whoever may not read, nor for whoever may only read.
  "POST /jobs/:id/download-link": ["jobs:read", "jobs:write"],
  "POST /cancel/:id": "jobs:write",
  "GET /logs/:id": "jobs:read",
  "GET /events/:id": "jobs:read",
  "GET /download/:id": "jobs:read",
  // The link is the key.
  "GET /shared/:id": "public",
};

/** The scopes that a key must hold, all of them. */
export function scopesOf(access: RouteAccess): readonly Scope[] {
  if (access === "public" || access === "any_key") return [];
  if (access === "operator") return ["admin"];
  return typeof access === "string" ? [access] : access;
}

/** True where a route shows how the service is, and no Job. */
export function isOfService(access: RouteAccess): boolean {
  return access === "any_key" || access === "admin";
}

/** What the route needs that takes this request; null where none does. HEAD is taken by the routes of GET. */
export function accessOf(c: Context<ApiEnv>): RouteAccess | null {
  const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
  if (route === undefined) return null;
  const access = routeAccess[`${route.method} ${route.path}`];
  if (access === undefined) throw new Error(`${route.method} ${route.path} says not what it needs`);
  return access;
}

/** Throws where a route has no entry, or an entry no route: a new route must not be open because somebody forgot. */
export function requireRouteAccess(app: Api): void {
  const routes = new Set(
    app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
  );
  const unsaid = [...routes].filter((route) => !Object.hasOwn(routeAccess, route));
  const stale = Object.keys(routeAccess).filter((route) => !routes.has(route));
  if (unsaid.length > 0) throw new Error(`route-access.ts says not what these need: ${unsaid.join(", ")}`);
  if (stale.length > 0) throw new Error(`route-access.ts has routes that are none: ${stale.join(", ")}`);
}
