import path from "node:path";
import { z } from "zod";
import { wholeNumber } from "./whole-number.ts";

const url = (...protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

/** Settings that the API and the worker both read. */
export const commonSettings = z.object({
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  REDIS_URL: url("redis:", "rediss:").optional(),
  DATA_DIR: z
    .string()
    .default(".longshore")
    .transform((folder) => path.resolve(folder)),
  AGENT_OUTPUT_DIR: z
    .string()
    .transform((folder) => path.resolve(folder))
    .optional(),
  RETENTION_DAYS: wholeNumber(1, 36_500, 7),
  RETENTION_MB: wholeNumber(0, 1_000_000_000, 0),
  ROW_RETENTION_DAYS: wholeNumber(1, 36_500, 90),
  AUDIT_RETENTION_DAYS: wholeNumber(1, 36_500, 90),
  MIN_FREE_DISK_MB: wholeNumber(0, 1_000_000_000, 512),
  ALLOW_FULL_NETWORK: z
    .enum(["true", "false"], { error: "must be true or false" })
    .default("false")
    .transform((text) => text === "true"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace"], {
      error: "must be one of fatal, error, warn, info, debug, trace",
    })
    .default("info"),
});

export type CommonSettings = z.output<typeof commonSettings>;

/** The folder in which the archives lie. */
export function archiveFolder(settings: Pick<CommonSettings, "DATA_DIR" | "AGENT_OUTPUT_DIR">): string {
  return settings.AGENT_OUTPUT_DIR ?? path.join(settings.DATA_DIR, "archives");
}
