/**
 * Which owner of which Attempt writes. All of it counts: a Lease can move within an Attempt, and come back to a worker
 * that was frozen meanwhile.
 */
export interface Fence {
  readonly jobId: string;
  readonly attempt: number;
  /** The id of the worker process that holds the Lease. */
  readonly owner: string;
  /** How often the Lease of this Attempt has changed hands. */
  readonly epoch: number;
}
