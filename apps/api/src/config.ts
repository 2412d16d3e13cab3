import { archiveFolder, commonSettings } from "@longshore/shared/config/common-settings";
import { limitSettings, toLimitMaxima } from "@longshore/shared/config/limit-settings";
import { type Environment, parseSettings } from "@longshore/shared/config/parse-settings";
import { parseSecretKeys } from "@longshore/shared/config/secret-keys";
import { wholeNumber } from "@longshore/shared/config/whole-number";
import type { LimitMaxima, RequestPermits } from "@longshore/shared/contracts/schedule-request";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import type { SecretKeys } from "@longshore/shared/runtime/secret-box";
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import type { StreamBounds } from "./streaming/stream-slots.ts";

export interface ApiConfig {
  readonly host: string;
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
  readonly streamBounds: StreamBounds;
  readonly permits: RequestPermits;
  readonly logLevel: string;
  /** Null where no key is configured: Jobs with secrets are refused. */
  readonly secretKeys: SecretKeys | null;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === "localhost";
  return loopback.check(host, version === 6 ? "ipv6" : "ipv4");
}

const schema = z.object({
  ...commonSettings.shape,
  ...limitSettings.shape,
  DATABASE_URL: z
    .string({ error: "must be set for this part to run by itself: the PostgreSQL that all parts share" })
    .pipe(commonSettings.shape.DATABASE_URL.nonoptional()),
  HOST: z
    .string()
    .default("127.0.0.1")
    .refine(isLoopback, {
      error:
        "must be a loopback address (127.0.0.1, ::1 or localhost): no API keys are configured, so that anybody who " +
        "reaches another address could run programs here. Leave it out, and put a proxy that checks who asks in front",
    }),
  PORT: wholeNumber(0, 65_535, 8_000),
  MAX_EVENT_STREAMS: wholeNumber(1, 100_000, 2_000),
  MAX_EVENT_STREAMS_PER_CALLER: wholeNumber(1, 100_000, 1_000),
});

/** Reads the API's settings. Fails with every fault, one sentence each. */
export function parseApiConfig(env: Environment): Result<ApiConfig, readonly string[]> {
  const parsed = parseSettings(schema, env);
  const secretKeys = parseSecretKeys(env);
  if (!parsed.ok || !secretKeys.ok) {
    return fail([parsed, secretKeys].flatMap((each) => (each.ok ? [] : each.failure)));
  }
  const settings = parsed.value;
  return succeed({
    host: settings.HOST,
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
    streamBounds: {
      overall: settings.MAX_EVENT_STREAMS,
      perCaller: settings.MAX_EVENT_STREAMS_PER_CALLER,
    },
    permits: { fullNetwork: settings.ALLOW_FULL_NETWORK },
    logLevel: settings.LOG_LEVEL,
    secretKeys: secretKeys.value,
  });
}
