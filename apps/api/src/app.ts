import "./openapi/extend-zod.ts";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Api, ApiEnv } from "./api-env.ts";
import { crossOrigin } from "./access/cross-origin.ts";
import { guardRoutes, type GuardRoutesDeps } from "./access/guard-routes.ts";
import { requireRouteAccess } from "./access/route-access.ts";
import { bodyLimit } from "./middleware/body-limit.ts";
import { createNotFound } from "./middleware/allowed-methods.ts";
import { observeRequests, type ObserveRequestsDeps } from "./middleware/observe-requests.ts";
import { refuseProtoQuery } from "./middleware/refuse-proto-query.ts";
import { requestId } from "./middleware/request-id.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { createErrorAnswer } from "./middleware/unexpected-error.ts";
import { validationProblem } from "./middleware/validation-problem.ts";
import { openapiRoute, registerSchemas } from "./openapi/document.ts";
import { cancelRoute } from "./routes/cancel.ts";
import { dashboardRoute, type DashboardRouteDeps } from "./routes/dashboard.ts";
import { createKeyRoute, type CreateKeyRouteDeps } from "./routes/create-key.ts";
import { deleteJobRoute, type DeleteJobRouteDeps } from "./routes/delete-job.ts";
import { docsRoute } from "./routes/docs.ts";
import { downloadLinkRoute, type DownloadLinkRouteDeps } from "./routes/download-link.ts";
import { downloadRoute, type DownloadRouteDeps } from "./routes/download.ts";
import { eventsRoute, type EventsRouteDeps } from "./routes/events.ts";
import { homeRoute } from "./routes/home.ts";
import { jobFileRoute, type JobFileRouteDeps } from "./routes/job-file.ts";
import { jobFilesRoute, type JobFilesRouteDeps } from "./routes/job-files.ts";
import { jobPlansRoute, type JobPlansRouteDeps } from "./routes/job-plans.ts";
import { jobRequestRoute, type JobRequestRouteDeps } from "./routes/job-request.ts";
import { jobUsageRoute, type JobUsageRouteDeps } from "./routes/job-usage.ts";
import { jobsRoute, type JobsRouteDeps } from "./routes/jobs.ts";
import { keysRoute, type KeysRouteDeps } from "./routes/keys.ts";
import { logsRoute, type LogsRouteDeps } from "./routes/logs.ts";
import { meRoute, type MeRouteDeps } from "./routes/me.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { readyRoute } from "./routes/ready.ts";
import { revokeKeyRoute, type RevokeKeyRouteDeps } from "./routes/revoke-key.ts";
import { scheduleRoute, type ScheduleRouteDeps } from "./routes/schedule.ts";
import { sharedRoute, type SharedRouteDeps } from "./routes/shared.ts";
import { statusRoute } from "./routes/status.ts";
import { systemRoute, type SystemRouteDeps } from "./routes/system.ts";
import { tenantRoutes, type TenantRoutesDeps } from "./routes/tenants.ts";
import type { createCancelJob } from "./use-cases/cancel-job.ts";
import type { CheckReadinessDeps } from "./use-cases/check-readiness.ts";

export interface ApiDeps
  extends
    ScheduleRouteDeps,
    EventsRouteDeps,
    LogsRouteDeps,
    JobsRouteDeps,
    DownloadRouteDeps,
    DownloadLinkRouteDeps,
    JobPlansRouteDeps,
    JobRequestRouteDeps,
    JobUsageRouteDeps,
    JobFilesRouteDeps,
    JobFileRouteDeps,
    SharedRouteDeps,
    DeleteJobRouteDeps,
    DashboardRouteDeps,
    CheckReadinessDeps,
    SystemRouteDeps,
    MeRouteDeps,
    KeysRouteDeps,
    CreateKeyRouteDeps,
    RevokeKeyRouteDeps,
    TenantRoutesDeps,
    GuardRoutesDeps,
    ObserveRequestsDeps {
  readonly cancelJob: ReturnType<typeof createCancelJob>;
  readonly writeMetrics: () => Promise<string>;
  readonly onDatabaseTrouble: (error: unknown) => void;
  readonly logger: Logger;
  readonly version: string;
}

/** All of the HTTP side: routes and what is around each of them. Needs no server to be called (`app.request`). */
export function createApp(deps: ApiDeps): Api {
  const app: Api = new OpenAPIHono<ApiEnv>({ defaultHook: validationProblem });
  app.use(requestId());
  app.use(observeRequests(deps));
  app.use(securityHeaders());
  // A page that may not ask is told so by its browser; where none may, OPTIONS is a method like others.
  if (deps.corsOrigins.length > 0) app.use(crossOrigin(deps.corsOrigins));
  app.use(guardRoutes(deps));
  app.use(bodyLimit());
  app.use(refuseProtoQuery());
  registerSchemas(app);
  homeRoute(app, deps);
  scheduleRoute(app, deps);
  statusRoute(app, deps);
  jobsRoute(app, deps);
  cancelRoute(app, deps);
  deleteJobRoute(app, deps);
  logsRoute(app, deps);
  eventsRoute(app, deps);
  downloadRoute(app, deps);
  jobRequestRoute(app, deps);
  jobPlansRoute(app, deps);
  jobUsageRoute(app, deps);
  jobFilesRoute(app, deps);
  jobFileRoute(app, deps);
  downloadLinkRoute(app, deps);
  sharedRoute(app, deps);
  readyRoute(app, deps);
  metricsRoute(app, deps);
  systemRoute(app, deps);
  meRoute(app, deps);
  keysRoute(app, deps);
  createKeyRoute(app, deps);
  revokeKeyRoute(app, deps);
  tenantRoutes(app, deps);
  docsRoute(app);
  dashboardRoute(app, deps);
  openapiRoute(app, deps);
  requireRouteAccess(app);
  app.notFound(createNotFound(app));
  app.onError(createErrorAnswer(deps));
  return app;
}
