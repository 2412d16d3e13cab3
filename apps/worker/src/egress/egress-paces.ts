import type { PaceBounds } from "@longshore/shared/runtime/pace";

/** What of one Job's network is held to a rate. What is over it waits. */
export interface EgressPaces {
  /** Frames of its agent about connections. */
  readonly messages: PaceBounds;
  /** Bytes of these frames, as lines. */
  readonly bytes: PaceBounds;
  readonly connections: PaceBounds;
  /** Requests of plain HTTP, as each costs a look-up and a connection, however many come on one of a program's. */
  readonly requests: PaceBounds;
}

const bytesPerMb = 1_048_576;

/**
 * More than package managers and tests of programs need, and so few that the worker has no more to do with a Job at all of
 * them than with one that downloads.
 */
export const egressPaces: EgressPaces = {
  messages: { perSecond: 5_000, burst: 5_000 },
  bytes: { perSecond: 64 * bytesPerMb, burst: 64 * bytesPerMb },
  connections: { perSecond: 100, burst: 200 },
  requests: { perSecond: 100, burst: 200 },
};
