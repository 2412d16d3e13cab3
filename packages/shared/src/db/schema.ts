import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import type { NewEvent } from "../contracts/event.ts";
import type { SandboxView, TimingsView } from "../contracts/job-view.ts";
import type { LogStream } from "../contracts/log-line.ts";
import type { StoredPlan, StoredSteps } from "../contracts/plan.ts";
import type { StoredRequest } from "../contracts/schedule-request.ts";
import type { Step } from "../contracts/step.ts";
import type { Usage } from "../contracts/usage.ts";
import type { Scope } from "../domain/access.ts";
import type { AuditAction, AuditDetails } from "../domain/audit.ts";
import type { JobFailure } from "../domain/failure.ts";
import type { JobStatus, PipelineNode, TerminalStatus } from "../domain/job-state.ts";
import type { SettledEnd } from "../contracts/settled-end.ts";
import type { WorkerReport } from "./worker-report.ts";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** The tables as the migrations make them (a test holds the two against each other), for typed reading. */
export const apiKeys = pgTable("api_keys", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  prefix: text("prefix").notNull(),
  hash: bytea("hash").notNull(),
  createdAt: time("created_at").notNull(),
  revokedAt: time("revoked_at"),
  tenant: text("tenant").notNull(),
  scopes: text("scopes").array().$type<Scope[]>().notNull(),
  expiresAt: time("expires_at"),
  lastUsedAt: time("last_used_at"),
  createdBy: uuid("created_by"),
});

export const jobs = pgTable("jobs", {
  id: uuid("id").primaryKey(),
  tenant: text("tenant").notNull(),
  ownerKeyId: uuid("owner_key_id"),
  status: text("status").$type<JobStatus>().notNull(),
  node: text("node").$type<PipelineNode>(),
  attempt: integer("attempt").notNull(),
  failedAttempts: integer("failed_attempts").notNull(),
  maxAttempts: integer("max_attempts").notNull(),
  prompt: text("prompt"),
  metadata: jsonb("metadata").$type<Record<string, string>>().notNull(),
  request: jsonb("request").$type<StoredRequest>().notNull(),
  plan: jsonb("plan").$type<StoredPlan>(),
  // Sealed, as text, where the Job has secrets.
  planSteps: jsonb("plan_steps").$type<StoredSteps>(),
  failure: jsonb("failure").$type<JobFailure>(),
  usage: jsonb("usage").$type<Usage>().notNull(),
  timings: jsonb("timings").$type<TimingsView>().notNull(),
  sandbox: jsonb("sandbox").$type<SandboxView>(),
  createdAt: time("created_at").notNull(),
  runAfter: time("run_after").notNull(),
  dispatchedAt: time("dispatched_at"),
  startedAt: time("started_at"),
  attemptStartedAt: time("attempt_started_at"),
  finishedAt: time("finished_at"),
  cancelRequestedAt: time("cancel_requested_at"),
  settledStatus: text("settled_status").$type<TerminalStatus>(),
  leaseOwner: uuid("lease_owner"),
  leaseUntil: time("lease_until"),
  leaseEpoch: integer("lease_epoch").notNull(),
  engineId: text("engine_id"),
  resume: jsonb("resume").$type<Readonly<Record<string, unknown>>>(),
  settled: jsonb("settled").$type<SettledEnd>(),
  lastSeq: bigint("last_seq", { mode: "number" }).notNull(),
  agentSeq: bigint("agent_seq", { mode: "number" }).notNull(),
  archiveKey: text("archive_key"),
  archiveBytes: bigint("archive_bytes", { mode: "number" }),
  eventBytes: bigint("event_bytes", { mode: "number" }).notNull(),
  keptBytes: bigint("kept_bytes", { mode: "number" }).notNull(),
  archiveSha256: text("archive_sha256"),
  outputFiles: integer("output_files"),
  outputBytes: bigint("output_bytes", { mode: "number" }),
  expiresAt: time("expires_at"),
  expiredAt: time("expired_at"),
  eventsDeletedAt: time("events_deleted_at"),
  secrets: bytea("secrets"),
  secretsKeyId: text("secrets_key_id"),
});

export const jobEvents = pgTable(
  "job_events",
  {
    jobId: uuid("job_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    time: time("time").notNull(),
    attempt: integer("attempt").notNull(),
    type: text("type").$type<NewEvent["type"]>().notNull(),
    node: text("node").$type<PipelineNode>(),
    step: integer("step"),
    stream: text("stream").$type<LogStream>(),
    text: text("text"),
    continued: boolean("continued").notNull(),
    body: jsonb("body").$type<Record<string, unknown>>(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.seq] })],
);

export const jobPlans = pgTable(
  "job_plans",
  {
    jobId: uuid("job_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    steps: jsonb("steps").$type<readonly Step[]>(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.seq] })],
);

export const jobSamples = pgTable(
  "job_samples",
  {
    jobId: uuid("job_id").notNull(),
    attempt: integer("attempt").notNull(),
    times: time("times").array().notNull(),
    memoryBytes: bigint("memory_bytes", { mode: "number" }).array().notNull(),
    cpuMs: bigint("cpu_ms", { mode: "number" }).array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.attempt] })],
);

export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    caller: text("caller").notNull(),
    key: text("key").notNull(),
    bodySha256: text("body_sha256").notNull(),
    jobId: uuid("job_id").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.caller, table.key] })],
);

export const auditEvents = pgTable("audit_events", {
  id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity().primaryKey(),
  time: time("time").notNull(),
  action: text("action").$type<AuditAction>().notNull(),
  tenant: text("tenant"),
  keyId: uuid("key_id"),
  jobId: uuid("job_id"),
  requestId: text("request_id"),
  details: jsonb("details").$type<AuditDetails>().notNull(),
});

export const tenantLimits = pgTable("tenant_limits", {
  tenant: text("tenant").primaryKey(),
  unfinished: integer("unfinished"),
  queued: integer("queued"),
  perMinute: integer("per_minute"),
  storedMb: integer("stored_mb"),
});

export const tenantUse = pgTable("tenant_use", {
  tenant: text("tenant").primaryKey(),
  allowance: doublePrecision("allowance"),
  filledAt: time("filled_at"),
  storedBytes: bigint("stored_bytes", { mode: "number" }).notNull(),
  measuredAt: time("measured_at"),
  measuredSeconds: doublePrecision("measured_seconds").notNull(),
  /** Of versions before `tenant_turns`. */
  turnAt: time("turn_at"),
});

export const tenantTurns = pgTable("tenant_turns", {
  tenant: text("tenant").primaryKey(),
  turnAt: time("turn_at").notNull(),
});

export const removals = pgTable("removals", {
  jobId: uuid("job_id").primaryKey(),
  archiveKey: text("archive_key"),
  eventsLeft: bigint("events_left", { mode: "number" }).notNull(),
  askedAt: time("asked_at").notNull(),
});

export const workers = pgTable("workers", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  version: text("version").notNull(),
  startedAt: time("started_at").notNull(),
  seenAt: time("seen_at").notNull(),
  report: jsonb("report").$type<WorkerReport>().notNull(),
});

export const installation = pgTable("installation", {
  singleton: boolean("singleton").primaryKey(),
  id: uuid("id").notNull(),
  secret: uuid("secret").notNull(),
  linkSecret: bytea("link_secret").notNull(),
});
