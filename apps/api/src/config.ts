import { archiveFolder, commonSettings } from "@longshore/shared/config/common-settings";
import { limitSettings, toLimitMaxima } from "@longshore/shared/config/limit-settings";
import { type Environment, parseSettings } from "@longshore/shared/config/parse-settings";
import { parseSecretKeys } from "@longshore/shared/config/secret-keys";
import { tenantLimitSettings, toTenantLimits } from "@longshore/shared/config/tenant-limit-settings";
import { wholeNumber } from "@longshore/shared/config/whole-number";
import type { LimitMaxima, RequestPermits } from "@longshore/shared/contracts/schedule-request";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { TenantLimits } from "@longshore/shared/domain/tenant-limits";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import type { SecretKeys } from "@longshore/shared/runtime/secret-box";
import { z } from "zod";
import { isLoopback } from "./access/is-loopback.ts";
import { corsOrigins } from "./cors-origins.ts";
import type { CallerBounds } from "./access/count-by-caller.ts";

export interface ApiConfig {
  readonly host: string;
  /** True where only this machine can reach that. */
  readonly isLoopback: boolean;
  /** Web origins whose pages may use the service. */
  readonly corsOrigins: readonly string[];
  /** 0 takes any free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly queue: QueueBackend;
  /** The folder in which the archives lie. */
  readonly archiveFolder: string;
  readonly retentionDays: number;
  /** Below it no jobs are accepted; 0 where that is not looked at. */
  readonly minFreeDiskMb: number;
  readonly limitMaxima: LimitMaxima;
  /** What one tenant may use, unless the database says otherwise of it. */
  readonly tenantLimits: TenantLimits;
  readonly streamBounds: CallerBounds;
  readonly permits: RequestPermits;
  readonly logLevel: string;
  /** Null where no key is configured: Jobs with secrets are refused. */
  readonly secretKeys: SecretKeys | null;
}

const schema = z.object({
  ...commonSettings.shape,
  ...limitSettings.shape,
  ...tenantLimitSettings.shape,
  DATABASE_URL: z
    .string({ error: "must be set for this part to run by itself: the PostgreSQL that all parts share" })
    .pipe(commonSettings.shape.DATABASE_URL.nonoptional()),
  HOST: z.string().default("127.0.0.1"),
  CORS_ORIGINS: corsOrigins,
  PORT: wholeNumber(0, 65_535, 8_000),
  MAX_EVENT_STREAMS: wholeNumber(1, 100_000, 2_000),
  MAX_EVENT_STREAMS_PER_CALLER: wholeNumber(1, 100_000, 1_000),
});

/** What is wrong with a HOST that others can reach, while the service takes everybody. */
export const openHostFault =
  "HOST must be a loopback address (127.0.0.1, ::1 or localhost) while there are no API keys, as anybody who reaches " +
  "another address could run programs here. Make a key (npm run keys -- create --name <what for>), or leave HOST out";

/**
 * Reads the API's settings. Fails with every fault, one sentence each. Whether there are keys, which a HOST that others
 * can reach needs, is in the database: who starts the API asks, see {@link openHostFault}.
 */
export function parseApiConfig(env: Environment): Result<ApiConfig, readonly string[]> {
  const parsed = parseSettings(schema, env);
  const secretKeys = parseSecretKeys(env);
  if (!parsed.ok || !secretKeys.ok) {
    const faults = [parsed, secretKeys].flatMap((each) => (each.ok ? [] : each.failure));
    return fail(env["DATABASE_URL"]?.trim() ? faults : [...faults, ...openHostFaults(env["HOST"])]);
  }
  const settings = parsed.value;
  return succeed({
    host: settings.HOST,
    isLoopback: isLoopback(settings.HOST),
    corsOrigins: settings.CORS_ORIGINS,
    port: settings.PORT,
    databaseUrl: settings.DATABASE_URL,
    queue:
      settings.REDIS_URL === undefined
        ? { type: "postgres", url: settings.DATABASE_URL }
        : { type: "redis", url: settings.REDIS_URL },
    archiveFolder: archiveFolder(settings),
    retentionDays: settings.RETENTION_DAYS,
    minFreeDiskMb: settings.MIN_FREE_DISK_MB,
    limitMaxima: toLimitMaxima(settings),
    tenantLimits: toTenantLimits(settings),
    streamBounds: {
      overall: settings.MAX_EVENT_STREAMS,
      perCaller: settings.MAX_EVENT_STREAMS_PER_CALLER,
    },
    permits: { fullNetwork: settings.ALLOW_FULL_NETWORK },
    logLevel: settings.LOG_LEVEL,
    secretKeys: secretKeys.value,
  });
}

/** Without a database there are no keys either. */
function openHostFaults(host: string | undefined): readonly string[] {
  return !host?.trim() || isLoopback(host.trim()) ? [] : [openHostFault];
}
