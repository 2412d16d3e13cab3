import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Api } from "../api-env.ts";
import { noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";

const route = createRoute({
  method: "get",
  path: "/metrics",
  tags: ["service"],
  summary: "Figures for Prometheus",
  request: { query: noQuery },
  responses: {
    200: { description: "Prometheus text.", content: { "text/plain": { schema: z.string() } } },
    ...problemResponses(),
  },
});

/** GET /metrics */
export function metricsRoute(
  app: Api,
  { writeMetrics }: { readonly writeMetrics: () => Promise<string> },
): void {
  app.openapi(route, async (c) =>
    c.text(await writeMetrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
}
