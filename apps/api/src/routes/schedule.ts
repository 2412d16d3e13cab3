import { createRoute } from "@hono/zod-openapi";
import { scheduled } from "@longshore/shared/contracts/job-view";
import { cancelLink, eventsLink, logsLink, statusLink } from "@longshore/shared/contracts/links";
import {
  type LimitMaxima,
  type RequestPermits,
  scheduleRequest,
} from "@longshore/shared/contracts/schedule-request";
import type { TenantLimitCode } from "@longshore/shared/domain/tenant-limits";
import type { z } from "zod";
import type { Api } from "../api-env.ts";
import { toBodyFaults } from "../middleware/describe-issue.ts";
import type { BodyRoom } from "../middleware/body-room.ts";
import { jsonBody, jsonBodyCodes } from "../middleware/json-body.ts";
import { idempotencyHeader, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import type { createSubmitJob, NotSubmitted, SubmittedJob } from "../use-cases/submit-job.ts";

export interface ScheduleRouteDeps {
  readonly submitJob: ReturnType<typeof createSubmitJob>;
  readonly limitMaxima: LimitMaxima;
  readonly permits: RequestPermits;
  readonly bodyRoom: BodyRoom;
}

const headers = idempotencyHeader(
  "The same key with the same body answers the first job again, for 24 hours.",
);

const location = { description: "Where the job's status is.", schema: { type: "string" as const } };
const replay = { description: "true", schema: { type: "string" as const } };
const content = { "application/json": { schema: scheduled } };

const createScheduleRoute = (bodyRoom: BodyRoom) =>
  createRoute({
    method: "post",
    path: "/schedule",
    tags: ["jobs"],
    summary: "Schedule a job",
    description: "Once this answers 202 the job is on disk and will end, whatever is killed afterwards.",
    middleware: [jsonBody(bodyRoom)] as const,
    request: { query: noQuery, headers },
    // Not below `request`: the body is read by jsonBody, which is stricter than the library's own reading.
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/ScheduleRequest" } } },
    },
    responses: {
      202: { description: "The job is stored.", headers: { Location: location }, content },
      200: {
        description: "This key was used with the same body before; this is the job of then.",
        headers: { Location: location, "Idempotent-Replay": replay },
        content,
      },
      ...problemResponses(
        ...jsonBodyCodes,
        "invalid_idempotency_key",
        "idempotency_conflict",
        "secrets_unconfigured",
        "storage_full",
        "tenant_jobs_full",
        "tenant_queue_full",
        "tenant_rate_exceeded",
        "tenant_storage_full",
        "tenant_busy",
      ),
    },
  });

/** POST /schedule */
export function scheduleRoute(
  app: Api,
  { submitJob, limitMaxima, permits, bodyRoom }: ScheduleRouteDeps,
): void {
  const schema = scheduleRequest(limitMaxima, permits);
  app.openAPIRegistry.register("ScheduleRequest", schema);
  app.openapi(createScheduleRoute(bodyRoom), async (c) => {
    const body = c.get("body");
    const parsed = schema.safeParse(body);
    if (!parsed.success) {
      const faults = toBodyFaults(parsed.error.issues);
      return answerProblem(c, "invalid_body", "The body is not valid; see errors.", faults);
    }
    const key = c.req.valid("header")["Idempotency-Key"];
    const submitted = await submitJob(parsed.data, c.get("caller"), key === undefined ? null : { key, body });
    if (!submitted.ok) {
      const { failure } = submitted;
      if (typeof failure === "string") return answerProblem(c, failure, whyNot[failure]);
      return answerProblem(c, failure.code, whyLimited[failure.code], undefined, failure.retryAfterSeconds);
    }
    c.header("Location", statusLink(submitted.value.jobId));
    if (!submitted.value.replayed) return c.json(toScheduled(submitted.value), 202);
    c.header("Idempotent-Replay", "true");
    return c.json(toScheduled(submitted.value), 200);
  });
}

const whyNot = {
  idempotency_conflict:
    "This Idempotency-Key was used with another body within the last 24 hours: choose a new key.",
  secrets_unconfigured:
    "This service has no key to keep secrets with, so that it takes none: its operator has to set SECRETS_KEY, the same " +
    "for every API and every worker. Nothing was stored.",
  storage_full:
    "There is hardly room left where archives are kept, so that no jobs are accepted. The operator can make room, or " +
    "retention will; nothing was stored.",
} as const satisfies Record<Exclude<NotSubmitted, object>, string>;

const whyLimited = {
  tenant_jobs_full:
    "As many of your jobs wait or run as may: ask again when one has ended, or cancel some. Nothing was stored.",
  tenant_queue_full:
    "As many of your jobs wait as may: ask again when some of them have started, or cancel some. Nothing was stored.",
  tenant_rate_exceeded:
    "You submit more jobs a minute than you may: ask again a little later. Nothing was stored.",
  tenant_storage_full:
    "The archives and logs of your jobs take as much room as they may: delete jobs whose archives you have. Nothing was stored.",
} as const satisfies Record<TenantLimitCode, string>;

function toScheduled({ jobId, status, createdAt }: SubmittedJob): z.output<typeof scheduled> {
  return {
    job_id: jobId,
    status,
    created_at: createdAt.toISOString(),
    status_link: statusLink(jobId),
    events_link: eventsLink(jobId),
    logs_link: logsLink(jobId),
    cancel_link: cancelLink(jobId),
  };
}
