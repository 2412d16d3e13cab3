import { z } from "zod";
import { limitRanges } from "../domain/limits.ts";
import type { LimitMaxima } from "../contracts/schedule-request.ts";
import { wholeNumber } from "./whole-number.ts";

/** What one Job may ask for at most, unless the operator says otherwise. */
const defaultMaxima: LimitMaxima = {
  timeout_seconds: 3_600,
  cpus: 4,
  memory_mb: 8_192,
  pids: 4_096,
  disk_mb: 8_192,
  output_mb: 2_048,
  log_mb: 256,
  max_tokens: 10_000_000,
};

const cpus = `must be a number from ${String(limitRanges.cpus.min)} to ${String(limitRanges.cpus.max)}`;

const maximum = (name: Exclude<keyof LimitMaxima, "cpus">) =>
  wholeNumber(limitRanges[name].min, limitRanges[name].max, defaultMaxima[name]);

/** LIMIT_*: the largest value of each limit that this server takes. */
export const limitSettings = z.object({
  LIMIT_TIMEOUT_SECONDS: maximum("timeout_seconds"),
  LIMIT_CPUS: z
    .string()
    .regex(/^\d{1,3}(?:\.\d{1,3})?$/, { error: cpus, abort: true })
    .transform(Number)
    .refine((value) => value >= limitRanges.cpus.min && value <= limitRanges.cpus.max, { error: cpus })
    .default(defaultMaxima.cpus),
  LIMIT_MEMORY_MB: maximum("memory_mb"),
  LIMIT_PIDS: maximum("pids"),
  LIMIT_DISK_MB: maximum("disk_mb"),
  LIMIT_OUTPUT_MB: maximum("output_mb"),
  LIMIT_LOG_MB: maximum("log_mb"),
  LIMIT_MAX_TOKENS: maximum("max_tokens"),
});

/** The maxima by the names that the limits have in a request. */
export function toLimitMaxima(settings: z.output<typeof limitSettings>): LimitMaxima {
  return {
    timeout_seconds: settings.LIMIT_TIMEOUT_SECONDS,
    cpus: settings.LIMIT_CPUS,
    memory_mb: settings.LIMIT_MEMORY_MB,
    pids: settings.LIMIT_PIDS,
    disk_mb: settings.LIMIT_DISK_MB,
    output_mb: settings.LIMIT_OUTPUT_MB,
    log_mb: settings.LIMIT_LOG_MB,
    max_tokens: settings.LIMIT_MAX_TOKENS,
  };
}
