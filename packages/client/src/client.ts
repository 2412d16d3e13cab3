import createApi, { defaultPathSerializer } from "openapi-fetch";
import { type ArchiveCalls, createArchiveCalls } from "./archive-calls.ts";
import type { CallOptions, ScheduleOptions } from "./call-options.ts";
import { createSchedule } from "./create-schedule.ts";
import { dataOf } from "./data-of.ts";
import { followEvents, type FollowOptions } from "./follow-events.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import { idInPath } from "./id-in-path.ts";
import { createJobFacts, type JobFacts } from "./job-facts.ts";
import { listJobs, type ListOptions, listPage, type PageOptions } from "./list-jobs.ts";
import { createKeyCalls, type KeyCalls } from "./key-calls.ts";
import { nameInPath } from "./name-in-path.ts";
import { createOpenStream } from "./open-stream.ts";
import { type LogOptions, readLogLines } from "./read-log-lines.ts";
import { runJob, type RunOptions } from "./run-job.ts";
import { createSend } from "./send.ts";
import { createServiceState, type ServiceState } from "./service-state.ts";
import type {
  CancelAnswer,
  Job,
  JobEvent,
  JobFilter,
  JobPage,
  JobSummary,
  LogLine,
  Scheduled,
  ScheduleRequest,
} from "./wire.ts";

export { ArchiveError } from "./archive-error.ts";
export { ConnectionError } from "./connection-error.ts";
export { InvalidIdError } from "./invalid-id-error.ts";
export { InvalidPathError } from "./invalid-path-error.ts";
export { LongshoreError } from "./longshore-error.ts";
export { ProblemError } from "./problem-error.ts";
export type { CallOptions, ScheduleOptions } from "./call-options.ts";
export type * from "./wire.ts";

export interface ClientOptions {
  /** Where the service is; a path before its routes is kept. */
  readonly url: string | URL;
  readonly apiKey?: string | undefined;
  /** How long an answer may take, in ms (30,000), beside what large files take on the way; streams are bound by the two below. */
  readonly timeoutMs?: number;
  /** How often a request is repeated when the service was not reached, or is busy for less than 10 s (4). */
  readonly retries?: number;
  /** A stream on which nothing comes for this long is opened anew, in ms (45,000; a sign of life comes every 15 s). */
  readonly silenceMs?: number;
  /** For how long a stream that broke is taken up again without anything coming, in ms (60,000). */
  readonly patienceMs?: number;
  /** For tests, proxies and the like. */
  readonly fetch?: typeof fetch;
}

/** All that a program can do with a Longshore service. Every call throws a LongshoreError, or its signal's reason. */
export interface Client extends ArchiveCalls, JobFacts, KeyCalls, ServiceState {
  /** Resolves once the job is on the service's disk. It is scheduled once, however often the connection breaks. */
  schedule(request: ScheduleRequest, options?: ScheduleOptions): Promise<Scheduled>;
  /** Schedules a job, waits for its end, and gives it, however it ended: look at `status` and `failure`. */
  run(request: ScheduleRequest, options?: RunOptions): Promise<Job>;
  status(id: string, options?: CallOptions): Promise<Job>;
  /** All jobs that fit, the newest first; pages are fetched as they are needed. */
  list(filter?: JobFilter, options?: ListOptions): AsyncGenerator<JobSummary, void, undefined>;
  /** One page of them, for who turns pages. */
  page(filter?: JobFilter, options?: PageOptions): Promise<JobPage>;
  /** What happened and what happens, each event once, until the job's end; a broken connection is taken up again. */
  events(id: string, options?: FollowOptions): AsyncGenerator<JobEvent, void, undefined>;
  /** The lines that the log has by now. */
  logs(id: string, options?: LogOptions): AsyncGenerator<LogLine, void, undefined>;
  /** `waitSeconds` (0 to 30): answers when the job's container runs no more. */
  cancel(id: string, options?: CallOptions & { readonly waitSeconds?: number }): Promise<CancelAnswer>;
  /** Deletes a job that has ended, with all that it left. */
  delete(id: string, options?: CallOptions): Promise<void>;
}

/** Whoever aborts wants to go: an answer that takes longer is not waited for. */
const longestLastWordsMs = 5_000;

/** A client of the service at `url`. It holds no connection: there is nothing to close. */
export function createClient(options: ClientOptions): Client {
  const { timeoutMs = 30_000, retries = 4, silenceMs = 45_000, patienceMs = 60_000 } = options;
  const url = new URL(options.url);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  const headers = options.apiKey === undefined ? {} : { Authorization: `Bearer ${options.apiKey}` };
  const { fetch = (...given) => globalThis.fetch(...given) } = options;
  // An address that leads on is told of: on the way, a POST would become a GET, and a key be left behind.
  const doFetch: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "manual" });
  const sendWithin = (ms: number) => createSend({ fetch: doFetch, timeoutMs: ms, retries });
  const sendOnce = createSend({ fetch: doFetch, timeoutMs, retries: 0 });
  const common = { baseUrl: url.href, headers, pathSerializer: toPath };
  const api = createApi<paths>({ ...common, fetch: sendWithin(timeoutMs) });
  const open = createOpenStream({ url, headers, fetch: doFetch, silenceMs });
  const streaming = { open, patienceMs, retries, url };

  const status: Client["status"] = async (id, { signal } = {}) =>
    dataOf(await api.GET("/status/{id}", { params: { path: { id } }, ...givenSignal(signal) }));
  const schedule = createSchedule({ api, sendWithin, timeoutMs });
  const events: Client["events"] = (id, how = {}) =>
    followEvents({ ...streaming, status: (of, signal) => status(of, givenSignal(signal)) }, id, how);
  const cancel: Client["cancel"] = async (id, { signal, waitSeconds = 0 } = {}) => {
    const params = { path: { id }, query: { wait: waitSeconds } };
    // The wait is asked for; what the answer itself may take comes on top.
    const patient = sendWithin(timeoutMs + waitSeconds * 1_000);
    return dataOf(await api.POST("/cancel/{id}", { params, fetch: patient, ...givenSignal(signal) }));
  };
  return {
    ...{ schedule, status, events, cancel },
    ...createArchiveCalls({ api, streaming }),
    run: (request, how = {}) => {
      const lastWordsMs = Math.min(timeoutMs, longestLastWordsMs);
      return runJob({ schedule, status, events, cancel, lastWordsMs }, request, how);
    },
    list: (filter = {}, how = {}) => listJobs(api, filter, how),
    page: (filter = {}, how = {}) => listPage(api, filter, how),
    logs: (id, how = {}) => readLogLines(api, id, how),
    delete: async (id, { signal } = {}) => {
      // Not repeated: a second time would say that there is no such job.
      await api.DELETE("/jobs/{id}", { params: { path: { id } }, fetch: sendOnce, ...givenSignal(signal) });
    },
    ...{ ...createJobFacts(api), ...createKeyCalls(api), ...createServiceState(api, sendOnce) },
  };
}

/** What the service's paths have in them are ids of jobs, and names of keys and tenants. */
function toPath(path: string, given: Record<string, unknown>): string {
  const parts = Object.entries(given).map(([part, value]) => [
    part,
    part === "id" ? idInPath(String(value)) : nameInPath(String(value)),
  ]);
  return defaultPathSerializer(path, Object.fromEntries(parts));
}
