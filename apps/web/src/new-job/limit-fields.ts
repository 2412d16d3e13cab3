/** What a job may use, as it can be set; `usual` is what holds otherwise, unless the operator has set a lower bound. */
export const limitFields = [
  { name: "timeout_seconds", label: "Time, seconds", usual: 600 },
  { name: "cpus", label: "Processors", usual: 1 },
  { name: "memory_mb", label: "Memory, MiB", usual: 1_024 },
  { name: "disk_mb", label: "Workspace, MiB", usual: 1_024 },
  { name: "output_mb", label: "Outputs, MiB", usual: 256 },
  { name: "log_mb", label: "Log, MiB", usual: 16 },
  { name: "pids", label: "Processes", usual: 256 },
  { name: "max_tokens", label: "Model tokens", usual: 200_000 },
] as const;

export type LimitName = (typeof limitFields)[number]["name"];

/** How often a job may be planned and tried. In a request they stand beside its limits. */
export const tryFields = [
  { name: "max_turns", label: "Plans by a model", usual: 3 },
  { name: "max_attempts", label: "Sandboxes tried", usual: 3 },
] as const;

export type TryName = (typeof tryFields)[number]["name"];
