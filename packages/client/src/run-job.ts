import type { CallOptions, ScheduleOptions } from "./call-options.ts";
import type { CancelAnswer, Job, JobEvent, Scheduled, ScheduleRequest } from "./wire.ts";

export interface RunOptions extends ScheduleOptions {
  /** Called once the job is accepted. */
  readonly onScheduled?: (scheduled: Scheduled) => void;
  /** Called with each event, in order; the next is read when it has resolved. */
  readonly onEvent?: (event: JobEvent) => void | Promise<void>;
  /** Whether the job is cancelled where `signal` aborts (true). Otherwise it goes on, and can be followed again. */
  readonly cancelOnAbort?: boolean;
}

export interface RunJobDeps {
  readonly schedule: (request: ScheduleRequest, options: ScheduleOptions) => Promise<Scheduled>;
  readonly status: (id: string, options: CallOptions) => Promise<Job>;
  readonly events: (id: string, options: CallOptions) => AsyncIterable<JobEvent>;
  readonly cancel: (id: string) => Promise<CancelAnswer>;
}

/** Schedules a job and waits for its end. */
export async function runJob(
  { schedule, status, events, cancel }: RunJobDeps,
  request: ScheduleRequest,
  { onScheduled, onEvent, cancelOnAbort = true, ...options }: RunOptions,
): Promise<Job> {
  const { signal } = options;
  const scheduled = await schedule(request, options);
  const id = scheduled.job_id;
  onScheduled?.(scheduled);
  const how = signal === undefined ? {} : { signal };
  try {
    for await (const event of events(id, how)) await onEvent?.(event);
    return await status(id, how);
  } catch (error) {
    // What the caller is told is why it was aborted; that the service could not be told either is less.
    if (signal?.aborted === true && cancelOnAbort) await cancel(id).catch(() => undefined);
    throw error;
  }
}
