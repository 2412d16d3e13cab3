import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { listen } from "@longshore/shared/db/listen";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { cancelChannel } from "@longshore/shared/db/notify-events";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import { whenDatabaseAnswers } from "@longshore/shared/db/when-database-answers";
import { removeWorker } from "@longshore/shared/db/worker-reports";
import { limitRanges } from "@longshore/shared/domain/limits";
import { createMessageSender } from "@longshore/shared/queue/create-message-sender";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { exitCodeMisconfigured } from "@longshore/shared/runtime/exit-codes";
import { createLifetime, type Lifetime } from "@longshore/shared/runtime/lifetime";
import { createLogger } from "@longshore/shared/runtime/logger";
import { whenAskedToStop } from "@longshore/shared/runtime/stop-signal";
import Dockerode from "dockerode";
import manifest from "../package.json" with { type: "json" };
import { type AssembledWorker, assembleWorker } from "./assemble-worker.ts";
import { parseWorkerConfig, type WorkerConfig } from "./config.ts";
import { createFallbackProvider } from "./models/create-fallback-provider.ts";
import { createModelGateway, type ModelGateway } from "./models/create-model-gateway.ts";
import { createPrimaryProvider } from "./models/create-primary-provider.ts";
import { loadPrompts } from "./models/load-prompts.ts";
import { workerIdentity } from "./report-worker.ts";
import { createDockerProvider, type DockerProvider } from "./sandbox/docker/create-docker-provider.ts";
import { startSweep } from "./sweeps/create-sweep.ts";
import { createWorkerMetrics, type WorkerMetrics } from "./worker-metrics.ts";

const circuitOpenMs = 30_000;
// After the grace time: to stop what still runs, give it back to the queue, and remove its containers.
const handOverBoundMs = 8_000;
// From the signal on; who stops us kills us after 30 s. What is left of it when nothing runs any more is for the releases.
const stopBoundMs = 27_500;
// What only a database that answers has use for: it is not to keep the rest of the releases from their time.
const hintBoundMs = 2_000;

const parsed = parseWorkerConfig(process.env);
if (!parsed.ok || parsed.value.databaseUrl === null) {
  const faults = parsed.ok
    ? ["DATABASE_URL must be set: a worker of its own runs beside a PostgreSQL that is there"]
    : parsed.failure;
  const list = faults.map((fault) => `- ${fault}\n`).join("");
  process.stderr.write(`The worker cannot start, as its settings are wrong:\n${list}`);
  process.exit(process.connected ? exitCodeMisconfigured : 1);
}
const logger = createLogger("worker", parsed.value.logLevel);
const lifetime = createLifetime(logger);
const stopping = new AbortController();
const asked = whenAskedToStop(logger).then(() => {
  stopping.abort();
  return performance.now() + stopBoundMs;
});
try {
  const opening = openWorker(parsed.value, parsed.value.databaseUrl, lifetime, stopping.signal);
  // Asked to stop before it is open, it is not waited for: it takes nothing any more, and the process ends.
  const worker = await Promise.race([opening, asked.then(() => null)]);
  await asked;
  if (worker !== null) await letGo(worker, parsed.value.stopGraceSeconds * 1_000);
} catch (error) {
  if (!stopping.signal.aborted) {
    logger.fatal({ err: error }, "the worker cannot go on");
    process.exitCode = 1;
  }
}
const stopBy = stopping.signal.aborted ? await asked : performance.now() + stopBoundMs;
await lifetime.close(stopBy - performance.now());
process.exit();

interface OpenWorker extends AssembledWorker {
  /** Resolves when the rounds under way are over; no further one begins. */
  stopSweeps(): Promise<void>;
}

/**
 * Opens everything in the order in which it needs each other, and begins to take Messages. Rejects after the wait in
 * which `stop` aborts.
 */
async function openWorker(
  config: WorkerConfig,
  url: string,
  opened: Lifetime,
  stop: AbortSignal,
): Promise<OpenWorker> {
  await whenDatabaseAnswers(() => migrateDatabase(url), logger, stop);
  stop.throwIfAborted();
  const database = connectDatabase({ url, maxConnections: 12, applicationName: "longshore-worker" });
  opened.defer("database", () => database.close());
  const identity = workerIdentity(randomUUID(), manifest.version);
  opened.defer("worker row", () => removeWorker(database.sql, identity.id), hintBoundMs);
  const metrics = createWorkerMetrics();
  const provider = await openSandboxProvider(config, database, opened, stop);
  const backend: QueueBackend =
    config.redisUrl === null ? { type: "postgres", url } : { type: "redis", url: config.redisUrl };
  const sender = createMessageSender({ backend, logger });
  opened.defer("message sender", () => sender.close());
  const worker = assembleWorker({
    ...{ config, identity, database, provider, backend, sender, metrics, logger },
    warmReady: () => provider.warmReady(),
    gateway: await openGateway(config, metrics),
    blobStore: createFileBlobStore({ folder: config.archiveFolder }),
  });
  const { registry, consumer, sweeps } = worker;
  const stopListening = await listen(database.sql, cancelChannel, {
    onPayload: (jobId) => registry.stop(jobId, "cancelled"),
    // A cancel that was missed is found when the Lease is renewed.
    onGap: () => undefined,
  });
  stop.throwIfAborted();
  opened.defer("cancel signals", stopListening, hintBoundMs);
  opened.defer("message consumer", () => consumer.close(2_000));
  const loops = sweeps.map((sweep) => startSweep(sweep, logger));
  const stopSweeps = async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
  };
  opened.defer("sweeps", stopSweeps, hintBoundMs);
  consumer.start();
  const { id, name } = identity;
  logger.info({ id, name, concurrency: config.concurrency, queue: backend.type }, "the worker takes jobs");
  return { ...worker, stopSweeps };
}

/** Takes no more, gives what runs some time to finish, and hands the rest over. */
async function letGo({ consumer, registry, stopSweeps }: OpenWorker, graceMs: number): Promise<void> {
  // Not waited for here: a round that hangs on the database is none of the Attempts' business.
  stopSweeps().catch((error: unknown) => logger.warn({ err: error }, "the sweeps could not be stopped"));
  await consumer.stopTaking();
  if (await registry.idle(graceMs)) return;
  registry.stopAll("shutdown");
  if (await registry.idle(handOverBoundMs)) return;
  logger.error({ running: registry.count() }, "attempts are left behind: another worker gives them up");
}

async function openSandboxProvider(
  config: WorkerConfig,
  { sql }: Database,
  opened: Lifetime,
  stop: AbortSignal,
): Promise<DockerProvider> {
  const { cpus, memory_mb, pids, disk_mb } = limitRanges;
  const limits = {
    cpus: cpus.default,
    memory_mb: memory_mb.default,
    pids: pids.default,
    disk_mb: disk_mb.default,
  };
  const installationId = await readInstallationId(sql);
  const seccompProfile = await readFile(
    new URL("sandbox/docker/seccomp-profile.json", import.meta.url),
    "utf8",
  );
  // From here on it may make warm containers.
  stop.throwIfAborted();
  const provider = createDockerProvider({
    docker: new Dockerode(),
    image: config.agentImage,
    runtime: config.runtime,
    ...{ installationId, logger, seccompProfile },
    warm: { size: config.warmPoolSize, limits },
  });
  opened.defer("sandbox provider", () => provider.stop(), 10_000);
  return provider;
}

async function openGateway({ models }: WorkerConfig, metrics: WorkerMetrics): Promise<ModelGateway> {
  const gateway = createModelGateway({
    primary: models.primary === null ? null : createPrimaryProvider(models.primary),
    fallback: models.fallback === null ? null : createFallbackProvider(models.fallback),
    prompts: await loadPrompts(),
    callTimeoutMs: models.callTimeoutMs,
    circuitOpenMs,
    now: () => performance.now(),
    onStateChange: (state, role) => logger.warn({ role, ...state }, "a model provider changed its state"),
  });
  return {
    ...gateway,
    plan: (turn, signal) => {
      const onCall: typeof turn.onCall = (call) => {
        metrics.modelCalled(call);
        turn.onCall(call);
      };
      return gateway.plan({ ...turn, onCall }, signal);
    },
  };
}
