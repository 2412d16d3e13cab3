/** Ranges and defaults of what a Job may use. Units are in the names; MB are 1,048,576 bytes. */
export const limitRanges = {
  timeout_seconds: { min: 1, max: 86_400, default: 600 },
  cpus: { min: 0.1, max: 64, default: 1 },
  memory_mb: { min: 64, max: 1_048_576, default: 1_024 },
  pids: { min: 16, max: 65_536, default: 256 },
  disk_mb: { min: 1, max: 1_048_576, default: 1_024 },
  output_mb: { min: 1, max: 1_048_576, default: 256 },
  log_mb: { min: 1, max: 1_024, default: 16 },
  max_tokens: { min: 1, max: 100_000_000, default: 200_000 },
} as const;

export type LimitName = keyof typeof limitRanges;

/** The limits of one Job, every one of them decided. */
export type JobLimits = Readonly<Record<LimitName, number>>;

// safety: Object.keys of an object literal with known keys gives exactly those keys.
export const limitNames = Object.keys(limitRanges) as LimitName[];

/**
 * Log lines kept for each MB of `log_mb`. A row costs Postgres about 100 bytes whatever its text, so that
 * a flood of one-character lines would otherwise store fifty times what its limit says.
 */
export const logLinesPerMb = 65_536;
