import { eventData } from "@longshore/shared/contracts/event";
import { jobFailureView } from "@longshore/shared/contracts/job-failure-view";
import { keyView } from "@longshore/shared/contracts/key-view";
import { logLine } from "@longshore/shared/contracts/log-line";
import { outputView, sandboxView } from "@longshore/shared/contracts/job-view";
import { planView } from "@longshore/shared/contracts/plan";
import { problem } from "@longshore/shared/contracts/problem";
import type { Api } from "../api-env.ts";
import { describeAccess } from "./describe-access.ts";
import { describeNulls } from "./describe-nulls.ts";

/** Parts of answers that are null in some places: the generator must have met them before, without their null. */
export function registerSchemas(app: Api): void {
  const named = {
    Problem: problem,
    Plan: planView,
    JobFailure: jobFailureView,
    Sandbox: sandboxView,
    Output: outputView,
    Key: keyView,
    LogLine: logLine,
    EventState: eventData.state,
    EventPlan: eventData.plan,
    EventStep: eventData.step,
    EventModel: eventData.model,
    EventEnd: eventData.end,
  };
  for (const [name, schema] of Object.entries(named)) app.openAPIRegistry.register(name, schema);
}

const description =
  "Runs jobs described in plain language in sandboxed containers. Every error is application/problem+json " +
  "(RFC 9457) with a stable `code`. Unknown fields and query parameters are refused. Every answer has X-Request-Id. " +
  "Beside what a route lists, any path can answer 400 `bad_http`, 404 `route_not_found`, 405 `method_not_allowed` with " +
  "Allow, 408 `request_timeout` and 431 `headers_too_large`. Where the service has API keys, each request but those to " +
  "`/`, `/health`, `/docs` and this document needs one; a job of another tenant is answered as one that is not there. " +
  "Where it has none, it takes requests from its own machine alone, and 403 `host_not_allowed` or `origin_not_allowed` " +
  "tells web pages that they may not ask.";

/** GET /openapi.json: made once, from the schemas that validate. */
export function openapiRoute(app: Api, { version }: { readonly version: string }): void {
  let text: string | undefined;
  app.get("/openapi.json", (c) => {
    text ??= JSON.stringify(
      describeNulls(
        describeAccess(
          app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "Longshore", version, description } }),
        ),
      ),
    );
    return c.body(text, 200, { "Content-Type": "application/json" });
  });
}
