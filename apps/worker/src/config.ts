import { archiveFolder, commonSettings } from "@longshore/shared/config/common-settings";
import { type Environment, parseSettings } from "@longshore/shared/config/parse-settings";
import { parseSecretKeys } from "@longshore/shared/config/secret-keys";
import { wholeNumber } from "@longshore/shared/config/whole-number";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { SecretKeys } from "@longshore/shared/runtime/secret-box";
import { z } from "zod";
import type { AddressRange } from "./egress/address-policy.ts";
import { readPrivateRanges } from "./egress/private-ranges.ts";
import { type StopMode, stopModes } from "./let-go.ts";
import { type ModelSettings, parseModelSettings } from "./models/model-settings.ts";
import { type StepRunner, stepRunners } from "./sandbox/docker/container-spec.ts";

const workerSettings = commonSettings.extend({
  AGENT_IMAGE: z.string().default("longshore-agent:dev"),
  WORKER_CONCURRENCY: wholeNumber(1, 256, 4),
  WARM_POOL_SIZE: wholeNumber(0, 256, 0),
  SANDBOX_RUNTIME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, {
      error: "must be the name of a runtime that the engine knows, such as runc",
    })
    .default("runc"),
  STEP_RUNNER: z.enum(stepRunners, { error: `must be one of ${stepRunners.join(", ")}` }).default("on"),
  STEP_PRELOAD: z
    .string()
    .regex(/^[A-Za-z_]\w*(?:,[A-Za-z_]\w*)*$/, { error: "must be names of Python modules, by commas" })
    .optional(),
  EGRESS_MB: wholeNumber(1, 1_000_000, 1_024),
  EGRESS_PRIVATE_RANGES: z
    .string()
    .transform((text, context) => {
      const ranges = readPrivateRanges(text);
      if (ranges.ok) return ranges.value;
      context.addIssue({ code: "custom", message: ranges.failure });
      return z.NEVER;
    })
    .default([]),
  LEASE_SECONDS: wholeNumber(2, 300, 12),
  STOP_MODE: z.enum(stopModes, { error: `must be one of ${stopModes.join(", ")}` }).default("hand-over"),
  // Without its default: that depends on the mode.
  STOP_GRACE_SECONDS: wholeNumber(0, 12, 0).unwrap().optional(),
});

// What is handed over loses nothing; what is queued anew does its work again, so it gets more time to end.
const graceSeconds: Readonly<Record<StopMode, number>> = { "hand-over": 5, requeue: 12, drain: 0 };

export interface WorkerConfig {
  /** Null where it is to be given by the supervisor's embedded database; main.ts needs it. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly archiveFolder: string;
  readonly retentionDays: number;
  /** Of all archives together; 0 where there is no bound. */
  readonly retentionMb: number;
  /** Days for which an expired Job keeps its row. */
  readonly rowRetentionDays: number;
  /** Days for which the audit trail is kept. */
  readonly auditRetentionDays: number;
  /** Below it no Jobs are taken; 0 where that is not looked at. */
  readonly minFreeDiskMb: number;
  readonly logLevel: string;
  readonly agentImage: string;
  readonly concurrency: number;
  readonly warmPoolSize: number;
  readonly runtime: string;
  readonly stepRunner: StepRunner;
  /** Modules of Python that a warm Sandbox has loaded for its Steps, by commas; empty: none. */
  readonly stepPreload: string;
  /** Whether Jobs may ask for the whole public network. */
  readonly allowFullNetwork: boolean;
  /** What one Job may move over the network, in both directions together. */
  readonly egressMb: number;
  /** Private ranges that Jobs may reach all the same. */
  readonly egressPrivateRanges: readonly AddressRange[];
  readonly leaseSeconds: number;
  /** What becomes of the Jobs that run when the worker is asked to stop. */
  readonly stopMode: StopMode;
  /** How long they may still finish before they are handed over or queued anew. */
  readonly stopGraceSeconds: number;
  readonly models: ModelSettings;
  /** Null where no key is configured: a Job with secrets cannot be run here. */
  readonly secretKeys: SecretKeys | null;
}

/** Reads the worker's settings, or gives every fault of them at once. */
export function parseWorkerConfig(env: Environment): Result<WorkerConfig, readonly string[]> {
  const settings = parseSettings(workerSettings, env);
  const models = parseModelSettings(env);
  const secretKeys = parseSecretKeys(env);
  if (!settings.ok || !models.ok || !secretKeys.ok) {
    return fail([settings, models, secretKeys].flatMap((each) => (each.ok ? [] : each.failure)));
  }
  const { value } = settings;
  return succeed({
    databaseUrl: value.DATABASE_URL ?? null,
    redisUrl: value.REDIS_URL ?? null,
    archiveFolder: archiveFolder(value),
    retentionDays: value.RETENTION_DAYS,
    retentionMb: value.RETENTION_MB,
    rowRetentionDays: value.ROW_RETENTION_DAYS,
    auditRetentionDays: value.AUDIT_RETENTION_DAYS,
    minFreeDiskMb: value.MIN_FREE_DISK_MB,
    logLevel: value.LOG_LEVEL,
    agentImage: value.AGENT_IMAGE,
    concurrency: value.WORKER_CONCURRENCY,
    warmPoolSize: value.WARM_POOL_SIZE,
    runtime: value.SANDBOX_RUNTIME,
    stepRunner: value.STEP_RUNNER,
    stepPreload: value.STEP_PRELOAD ?? "",
    allowFullNetwork: value.ALLOW_FULL_NETWORK,
    egressMb: value.EGRESS_MB,
    egressPrivateRanges: value.EGRESS_PRIVATE_RANGES,
    leaseSeconds: value.LEASE_SECONDS,
    stopMode: value.STOP_MODE,
    stopGraceSeconds: value.STOP_GRACE_SECONDS ?? graceSeconds[value.STOP_MODE],
    models: models.value,
    secretKeys: secretKeys.value,
  });
}
