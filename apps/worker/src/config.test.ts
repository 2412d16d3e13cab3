import { expect, test } from "vitest";
import { parseWorkerConfig } from "./config.ts";

test("with nothing set everything has its default", () => {
  expect(parseWorkerConfig({})).toEqual({
    ok: true,
    value: {
      ...{ databaseUrl: null, redisUrl: null, retentionDays: 7, logLevel: "info", concurrency: 4 },
      ...{ agentImage: "longshore-agent:dev", warmPoolSize: 0, runtime: "runc", leaseSeconds: 12 },
      ...{ stepRunner: "on", stepPreload: "" },
      ...{ stopMode: "hand-over", stopGraceSeconds: 5 },
      ...{ retentionMb: 0, rowRetentionDays: 90, auditRetentionDays: 90, minFreeDiskMb: 512 },
      ...{ allowFullNetwork: false, egressMb: 1_024, egressPrivateRanges: [], secretKeys: null },
      archiveFolder: expect.stringMatching(/\.longshore.archives$/) as string,
      models: { primary: null, fallback: null, callTimeoutMs: 60_000, prices: null },
    },
  });
});

test("what is set counts, and an empty variable is unset", () => {
  const env = {
    ...{
      DATABASE_URL: "postgres://h/d",
      REDIS_URL: "rediss://r",
      AGENT_OUTPUT_DIR: "/srv/zips",
      LEASE_SECONDS: "",
    },
    ...{
      WORKER_CONCURRENCY: "9",
      WARM_POOL_SIZE: "2",
      SANDBOX_RUNTIME: "runsc",
      STEP_RUNNER: "off",
      STEP_PRELOAD: "numpy,pandas",
      AGENT_IMAGE: "registry/image@sha256:1",
    },
    ...{ GEMINI_API_KEY: "g", MODEL_TIMEOUT_SECONDS: "5" },
  };
  expect(parseWorkerConfig(env)).toMatchObject({
    value: {
      ...{
        databaseUrl: "postgres://h/d",
        redisUrl: "rediss://r",
        archiveFolder: "/srv/zips",
        leaseSeconds: 12,
      },
      ...{ concurrency: 9, warmPoolSize: 2, runtime: "runsc", agentImage: "registry/image@sha256:1" },
      ...{ stepRunner: "off", stepPreload: "numpy,pandas" },
      models: { fallback: { apiKey: "g" }, callTimeoutMs: 5_000 },
    },
  });
});

test("the grace time follows the stop mode, unless it is set", () => {
  expect(parseWorkerConfig({ STOP_MODE: "requeue" })).toMatchObject({ value: { stopGraceSeconds: 12 } });
  const set = { STOP_MODE: "drain", STOP_GRACE_SECONDS: "3" };
  expect(parseWorkerConfig(set)).toMatchObject({ value: { stopMode: "drain", stopGraceSeconds: 3 } });
});

test.each([
  ["WORKER_CONCURRENCY", "0"],
  ["WORKER_CONCURRENCY", "257"],
  ["WORKER_CONCURRENCY", "four"],
  ["WARM_POOL_SIZE", "-1"],
  ["LEASE_SECONDS", "1"],
  ["LEASE_SECONDS", "1.5"],
  ["STOP_GRACE_SECONDS", "13"],
  ["STOP_MODE", "handover"],
  ["RETENTION_DAYS", "0"],
  ["RETENTION_MB", "-1"],
  ["ROW_RETENTION_DAYS", "0"],
  ["MIN_FREE_DISK_MB", "1.5"],
  ["SANDBOX_RUNTIME", "runc; rm"],
  ["STEP_RUNNER", "true"],
  ["STEP_PRELOAD", "numpy; pandas"],
  ["EGRESS_PRIVATE_RANGES", "127.0.0.0/8"],
  ["EGRESS_PRIVATE_RANGES", "10.0.0.0/8,169.254.0.0/16"],
  ["ALLOW_FULL_NETWORK", "yes"],
  ["DATABASE_URL", "mysql://h/d"],
  ["MODEL_TIMEOUT_SECONDS", "0"],
])("%s=%s is one fault that names it", (name, value) => {
  expect(parseWorkerConfig({ [name]: value })).toEqual({
    ok: false,
    failure: [expect.stringMatching(new RegExp(`^${name} must `)) as string],
  });
});

test("faults of the service and of the models are told together, and no secret with them", () => {
  const parsed = parseWorkerConfig({
    ...{ RETENTION_DAYS: "-1", REDIS_URL: "http://u:secret@x", PRIMARY_API_KEY: "sk-secret-1" },
    FALLBACK_BASE_URL: "http://localhost",
  });
  const faults = parsed.ok ? [] : parsed.failure;
  expect(faults).toHaveLength(4);
  for (const name of ["RETENTION_DAYS", "REDIS_URL", "PRIMARY_API_KEY", "FALLBACK_BASE_URL"])
    expect(faults.filter((fault) => fault.startsWith(name))).toHaveLength(1);
  expect(faults.join("\n")).not.toContain("secret");
});
