import type { UnsentBounds } from "./unsent-answers.ts";

/** What one client can make the HTTP server hold, and for how long. */
export interface ServerBounds extends UnsentBounds {
  /** Request line and headers together. */
  readonly maxHeadBytes: number;
  readonly maxHeaders: number;
  /** From the connection, or the answer before, to the end of the headers. */
  readonly headersMs: number;
  /** From the first byte of a request to the last one of its body. */
  readonly requestMs: number;
  /** A connection on which nothing moves for so long is given up, whatever it waits for. */
  readonly stalledMs: number;
  /** A connection between two requests. */
  readonly idleMs: number;
  /** Connections above this are closed at once. */
  readonly maxConnections: number;
  /** Requests that were sent on one connection without waiting for their answers. */
  readonly maxPipelined: number;
  /** How often the two times above are looked at. */
  readonly checkMs: number;
}

/** Generous for any client that means well, on a slow line too. */
export const serverBounds: ServerBounds = {
  maxHeadBytes: 16 * 1024,
  maxHeaders: 100,
  headersMs: 15_000,
  requestMs: 120_000,
  // Above the time of a request, which ends with an answer that says so.
  stalledMs: 130_000,
  idleMs: 10_000,
  // A kernel that holds much for a slow client shows for long that nothing is taken: what they make this process hold is
  // bounded beside.
  untakenMs: 120_000,
  maxUnsentBytes: 256 * 1_024 * 1_024,
  maxConnections: 4_096,
  maxPipelined: 32,
  checkMs: 5_000,
};
