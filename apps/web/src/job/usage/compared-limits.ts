import type { Job, ScheduleRequest } from "@longshore/client";

export interface ComparedLimit {
  readonly name: string;
  readonly most: number;
  /** Null where nobody has measured it. */
  readonly used: number | null;
  readonly unit: "ms" | "bytes" | "count";
}

type Limits = NonNullable<ScheduleRequest["limits"]>;

const mebibyte = 1_048_576;

/** Each limit of a job beside what was used of it. */
export function comparedLimits(job: Job, limits: Limits, now: number): readonly ComparedLimit[] {
  const ended = job.finished_at === null ? now : Date.parse(job.finished_at);
  const ran = job.started_at === null ? null : Math.max(0, ended - Date.parse(job.started_at));
  const { input_tokens: input, output_tokens: output } = job.usage;
  const mb = (most: number | undefined) => (most === undefined ? null : most * mebibyte);
  const rows: readonly (Omit<ComparedLimit, "most"> & { readonly most: number | null })[] = [
    {
      name: "Time",
      most: limits.timeout_seconds === undefined ? null : limits.timeout_seconds * 1_000,
      used: ran,
      unit: "ms",
    },
    { name: "Memory", most: mb(limits.memory_mb), used: null, unit: "bytes" },
    { name: "Processors", most: limits.cpus ?? null, used: null, unit: "count" },
    { name: "Disk", most: mb(limits.disk_mb), used: null, unit: "bytes" },
    { name: "Outputs", most: mb(limits.output_mb), used: job.output?.bytes ?? null, unit: "bytes" },
    { name: "Log", most: mb(limits.log_mb), used: null, unit: "bytes" },
    { name: "Processes", most: limits.pids ?? null, used: null, unit: "count" },
    { name: "Tokens", most: limits.max_tokens ?? null, used: input + output, unit: "count" },
  ];
  return rows.flatMap(({ most, ...row }) => (most === null ? [] : [{ ...row, most }]));
}
