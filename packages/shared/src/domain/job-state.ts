/** Every status of a Job, and where it may go from there. The database holds the same table in a trigger. */
export const transitions = {
  queued: ["running", "cancelled"],
  running: ["queued", "succeeded", "failed", "cancelled"],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type JobStatus = keyof typeof transitions;

export const jobStatuses = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "cancelled",
] as const satisfies readonly JobStatus[];

export type TerminalStatus = "succeeded" | "failed" | "cancelled";

export const terminalStatuses = [
  "succeeded",
  "failed",
  "cancelled",
] as const satisfies readonly TerminalStatus[];

/** Where the pipeline of a running Job is. */
export const pipelineNodes = ["analyze", "shell", "python", "write_file", "compile"] as const;

export type PipelineNode = (typeof pipelineNodes)[number];

/** True where the Job has ended: after that none of its fields changes, except when its Archive expires. */
export function isTerminal(status: JobStatus): status is TerminalStatus {
  return transitions[status].length === 0;
}

/** True where a Job in `from` may become `to`. */
export function mayBecome(from: JobStatus, to: JobStatus): boolean {
  const targets: readonly JobStatus[] = transitions[from];
  return targets.includes(to);
}
