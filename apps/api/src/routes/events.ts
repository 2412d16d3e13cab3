import { createRoute } from "@hono/zod-openapi";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { Context } from "hono";
import { z } from "zod";
import { addressOf } from "../access/address-of.ts";
import type { WatchCaller } from "../access/watch-callers.ts";
import type { Api, ApiEnv } from "../api-env.ts";
import { jobIdParams, wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import { type FollowEventsDeps, followEvents } from "../streaming/follow-events.ts";
import { streamBody } from "../streaming/stream-body.ts";
import type { StreamSlots } from "../streaming/stream-slots.ts";
import { isExpired } from "../use-cases/is-expired.ts";

export interface EventsRouteDeps extends FollowEventsDeps {
  /** Called as readers come (1) and go (-1). */
  readonly countReaders: (change: 1 | -1) => void;
  readonly stopping: AbortSignal;
  /** Ends the stream of a caller who may not be here any more. */
  readonly watchCaller: WatchCaller;
  /** How long a reader may leave a piece untaken. */
  readonly patienceMs: number;
  readonly streamSlots: StreamSlots;
}

const number = wholeNumberText(0, Number.MAX_SAFE_INTEGER).optional();
const numberMeta = (description: string) => wholeNumberMeta(0, Number.MAX_SAFE_INTEGER, description);

const route = createRoute({
  method: "get",
  path: "/events/{id}",
  tags: ["jobs"],
  summary: "Follow a job",
  description:
    "Everything that happened and, while the job runs, everything that happens, as server-sent events numbered 1, 2, 3 …: " +
    "`state`, `plan`, `step`, `model`, `log` and last `end`, after which the stream is closed. A comment goes out every 15 s.",
  request: {
    params: jobIdParams,
    query: z.strictObject({ after: number.meta(numberMeta("Resumes after the event of this number.")) }),
    headers: z.object({
      "Last-Event-ID": number.meta(
        numberMeta("As `after`, which it wins over: sent by browsers that reconnect."),
      ),
    }),
  },
  responses: {
    200: {
      description:
        "The stream; each `data` is one of EventState, EventPlan, EventStep, EventModel, LogLine, EventEnd.",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...problemResponses(
      "invalid_id",
      "invalid_last_event_id",
      "job_not_found",
      "expired",
      "too_many_streams",
      "streams_full",
    ),
  },
});

/** GET /events/{id} */
export function eventsRoute(app: Api, deps: EventsRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const job = await deps.readJob({ tenant: c.get("caller").tenant, jobId: id });
    if (job === null) return answerProblem(c, "job_not_found", `There is no job ${id}.`);
    if (isExpired(job))
      return answerProblem(c, "expired", "The job's retention is over: its events are gone.");
    const after = c.req.valid("header")["Last-Event-ID"] ?? c.req.valid("query").after ?? 0;
    if (c.req.method === "HEAD") return c.body("", 200, streamHeaders);
    const slot = deps.streamSlots.take(countedFor(c));
    if (!slot.ok) return answerProblem(c, slot.failure, whyNoStream[slot.failure]);
    return c.body(openStream(c, deps, job, { after, release: slot.value }), 200, streamHeaders);
  });
}

const streamHeaders = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-cache, no-transform",
  // nginx would otherwise hold lines back.
  "X-Accel-Buffering": "no",
};

const whyNoStream = {
  too_many_streams: "You follow as many jobs at once as one caller may: close a stream, or read /logs.",
  streams_full: "This server holds as many event streams as it may: ask again in a moment, or read /logs.",
} as const;

/** Whom an event stream is counted for: a tenant, or where there are no keys an address. */
function countedFor(c: Context<ApiEnv>): string {
  const { tenant, keyId } = c.get("caller");
  if (keyId !== null) return `tenant ${tenant}`;
  return addressOf(c) ?? "";
}

function openStream(
  c: Context<ApiEnv>,
  deps: EventsRouteDeps,
  job: JobRecord,
  { after, release }: { readonly after: number; readonly release: () => void },
) {
  const stop = new AbortController();
  const watch = deps.watchCaller(c.get("caller"));
  const over = AbortSignal.any([stop.signal, deps.stopping, watch.signal]);
  deps.countReaders(1);
  return streamBody(followEvents(deps, job, after, over), {
    stop,
    patienceMs: deps.patienceMs,
    onSlowReader: () => c.env.outgoing?.destroy(),
    onClose: () => {
      release();
      watch.release();
      deps.countReaders(-1);
    },
  });
}
