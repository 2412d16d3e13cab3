import type { Client as Api } from "openapi-fetch";
import type { ScheduleOptions } from "./call-options.ts";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import { newIdempotencyKey } from "./new-idempotency-key.ts";
import type { Send } from "./send.ts";
import type { Scheduled, ScheduleRequest } from "./wire.ts";

export interface ScheduleDeps {
  readonly api: Api<paths>;
  /** A send by which an answer may take so long, in ms. */
  readonly sendWithin: (ms: number) => Send;
  readonly timeoutMs: number;
}

/** Of a large request, so much at least is taken to come over in a ms; the service gives the largest two minutes. */
const slowestBytesPerMs = 128;

/** Schedules a job. What a slow line takes for its files is no time of the answer. */
export function createSchedule({ api, sendWithin, timeoutMs }: ScheduleDeps) {
  return async (
    request: ScheduleRequest,
    { signal, idempotencyKey = newIdempotencyKey() }: ScheduleOptions = {},
  ): Promise<Scheduled> => {
    const header = { "Idempotency-Key": idempotencyKey };
    const bytes = (request.files ?? []).reduce((sum, { content }) => sum + content.length, 0);
    const fetch = sendWithin(timeoutMs + Math.ceil(bytes / slowestBytesPerMs));
    return dataOf(
      await api.POST("/schedule", { params: { header }, body: request, fetch, ...givenSignal(signal) }),
    );
  };
}
