/** Which owner of which Attempt writes. Both halves count: a Lease can move within an Attempt. */
export interface Fence {
  readonly jobId: string;
  readonly attempt: number;
  /** The id of the worker process that holds the Lease. */
  readonly owner: string;
}
