export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface ScheduleOptions extends CallOptions {
  /** By which the service knows the same request again, for 24 hours; one of its own for each call, where left out. */
  readonly idempotencyKey?: string;
}
