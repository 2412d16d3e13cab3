import type { CallOptions, ScheduleOptions } from "./call-options.ts";
import { givenSignal } from "./given-signal.ts";
import { newIdempotencyKey } from "./new-idempotency-key.ts";
import type { CancelAnswer, Job, JobEvent, Scheduled, ScheduleRequest } from "./wire.ts";

export interface RunOptions extends ScheduleOptions {
  /** Called once the job is accepted. */
  readonly onScheduled?: (scheduled: Scheduled) => void;
  /** Called with each event, in order; the next is read when it has resolved. */
  readonly onEvent?: (event: JobEvent) => void | Promise<void>;
  /**
   * Whether the job is cancelled where `signal` aborts (true), also one that is just being scheduled. The service is tried
   * for 5 s at most, and for 5 s before that where it has to be asked what it has accepted; one that is not reached by then
   * runs what it has. Otherwise the job goes on, and can be followed again.
   */
  readonly cancelOnAbort?: boolean;
}

export interface RunJobDeps {
  readonly schedule: (request: ScheduleRequest, options: ScheduleOptions) => Promise<Scheduled>;
  readonly status: (id: string, options: CallOptions) => Promise<Job>;
  readonly events: (id: string, options: CallOptions) => AsyncIterable<JobEvent>;
  readonly cancel: (id: string, options: CallOptions) => Promise<CancelAnswer>;
  /** For how long the service is tried after an abort, in ms, with each of what it is to be told. */
  readonly lastWordsMs: number;
}

/** Schedules a job and waits for its end. */
export async function runJob(
  { schedule, status, events, cancel, lastWordsMs }: RunJobDeps,
  request: ScheduleRequest,
  { onScheduled, onEvent, cancelOnAbort = true, signal, idempotencyKey = newIdempotencyKey() }: RunOptions,
): Promise<Job> {
  signal?.throwIfAborted();
  const how = givenSignal(signal);
  let id: string | null = null;
  try {
    const scheduled = await schedule(request, { ...how, idempotencyKey });
    id = scheduled.job_id;
    onScheduled?.(scheduled);
    for await (const event of events(id, how)) await onEvent?.(event);
    return await status(id, how);
  } catch (error) {
    if (signal?.aborted === true && cancelOnAbort) {
      const briefly = () => ({ signal: AbortSignal.timeout(lastWordsMs) });
      // Whether a request that was broken off was accepted, only the same one with the same key can tell.
      const accepted = id === null ? schedule(request, { ...briefly(), idempotencyKey }) : { job_id: id };
      const cancelAccepted = async () => cancel((await accepted).job_id, briefly());
      // What the caller is told is why it was aborted; that the service could not be told either is less.
      await cancelAccepted().catch(() => undefined);
    }
    throw error;
  }
}
