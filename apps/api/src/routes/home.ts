import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { prefersPage } from "../http/accept.ts";
import { noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";

const home = z
  .strictObject({ name: z.string(), version: z.string(), links: z.record(z.string(), z.string()) })
  .meta({ id: "Home" });

const health = z.strictObject({ status: z.literal("ok") }).meta({ id: "Health" });

const homeRouteConfig = createRoute({
  method: "get",
  path: "/",
  tags: ["service"],
  summary: "What this is, and where things are",
  description: "Browsers, which ask for a page, are sent to the dashboard.",
  request: { query: noQuery },
  responses: {
    200: { description: "Name, version and links.", content: { "application/json": { schema: home } } },
    303: { description: "To the dashboard: `Accept` asks for `text/html` rather than for JSON." },
    ...problemResponses(),
  },
});

const healthRouteConfig = createRoute({
  method: "get",
  path: "/health",
  tags: ["service"],
  summary: "Whether the process runs",
  request: { query: noQuery },
  responses: {
    200: { description: "It runs.", content: { "application/json": { schema: health } } },
    ...problemResponses(),
  },
});

const links = {
  dashboard: "/ui",
  docs: "/docs",
  openapi: "/openapi.json",
  schedule: "/schedule",
  jobs: "/jobs",
  health: "/health",
  ready: "/ready",
  metrics: "/metrics",
};

/** GET / and GET /health */
export function homeRoute(app: Api, { version }: { readonly version: string }): void {
  app.openapi(homeRouteConfig, (c) => {
    c.header("Vary", "Accept");
    if (prefersPage(c.req.header("Accept"))) return c.redirect(links.dashboard, 303);
    return c.json({ name: "longshore", version, links }, 200);
  });
  app.openapi(healthRouteConfig, (c) => c.json({ status: "ok" as const }, 200));
}
