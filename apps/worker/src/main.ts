import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { createDiskGuard } from "@longshore/shared/blob/create-disk-guard";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { listen } from "@longshore/shared/db/listen";
import { describeDatabaseRefusal } from "@longshore/shared/db/database-refusal";
import { knownSchema, migrateDatabase } from "@longshore/shared/db/migrate";
import { cancelChannel, readCancelSignal } from "@longshore/shared/db/notify-events";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import { readSchemaVersion } from "@longshore/shared/db/schema-version";
import { whenDatabaseAnswers } from "@longshore/shared/db/when-database-answers";
import { removeWorker } from "@longshore/shared/db/worker-reports";
import { limitRanges } from "@longshore/shared/domain/limits";
import { createMessageSender } from "@longshore/shared/queue/create-message-sender";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { exitCodeMisconfigured } from "@longshore/shared/runtime/exit-codes";
import { type ComponentStates, createComponentStates } from "@longshore/shared/runtime/component-states";
import { createLifetime, type Lifetime } from "@longshore/shared/runtime/lifetime";
import { operatorSecrets } from "@longshore/shared/config/operator-secrets";
import { createLogger } from "@longshore/shared/runtime/logger";
import { listenForStop } from "@longshore/shared/runtime/stop-signal";
import Dockerode from "dockerode";
import manifest from "../package.json" with { type: "json" };
import type { AttemptRegistry } from "./attempt/attempt-registry.ts";
import { type AssembledWorker, assembleWorker } from "./assemble-worker.ts";
import { parseWorkerConfig, type WorkerConfig } from "./config.ts";
import { egressSettings } from "./egress/egress-settings.ts";
import { createModelGateway, type ModelGateway } from "./models/create-model-gateway.ts";
import { loadPrompts } from "./models/load-prompts.ts";
import { openFallback, openPrimary } from "./models/open-providers.ts";
import { createKnownTrouble } from "./known-trouble.ts";
import { letGo } from "./let-go.ts";
import { workerIdentity } from "./report-worker.ts";
import { createDockerProvider, type DockerProvider } from "./sandbox/docker/create-docker-provider.ts";
import { startSweep, type Sweep } from "./sweeps/create-sweep.ts";
import { watchSchema } from "./watch-schema.ts";
import { createWorkerMetrics, type WorkerMetrics } from "./worker-metrics.ts";

const circuitOpenMs = 30_000;
// From the signal on, or from the end of a drain; who stops us kills us after 30 s. What is left of it when nothing runs
// any more is for the releases.
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
const logger = createLogger("worker", parsed.value.logLevel, undefined, operatorSecrets(process.env));
const lifetime = createLifetime(logger);
const stopping = new AbortController();
const requests = listenForStop(logger);
const asked = requests.asked.then(() => {
  stopping.abort();
  return performance.now() + stopBoundMs;
});
let drainedAt: number | null = null;
try {
  const opening = openWorker(parsed.value, parsed.value.databaseUrl, lifetime, stopping.signal);
  // Asked to stop before it is open, it is not waited for: it takes nothing any more, and the process ends.
  const worker = await Promise.race([opening, asked.then(() => null)]);
  await asked;
  if (worker !== null) {
    const mode = parsed.value.stopMode;
    // Not waited for here: a round that hangs on the database is none of the Attempts' business.
    worker
      .stopSweeps()
      .catch((error: unknown) => logger.warn({ err: error }, "the sweeps could not be stopped"));
    worker
      .stopWarm()
      .catch((error: unknown) => logger.warn({ err: error }, "the warm sandboxes could not be removed"));
    const { askedAgain } = requests;
    await letGo({ ...worker, askedAgain, logger }, { mode, graceMs: parsed.value.stopGraceSeconds * 1_000 });
    if (mode === "drain") drainedAt = performance.now();
  }
} catch (error) {
  if (!stopping.signal.aborted) {
    const refusal = describeDatabaseRefusal(error);
    if (refusal === null) logger.fatal({ err: error }, "the worker cannot go on");
    else process.stderr.write(`The worker cannot use its database. ${refusal}\n`);
    process.exitCode = refusal !== null && process.connected ? exitCodeMisconfigured : 1;
  }
}
const stopBy =
  drainedAt === null && stopping.signal.aborted
    ? await asked
    : (drainedAt ?? performance.now()) + stopBoundMs;
await lifetime.close(stopBy - performance.now());
process.exit();

interface OpenWorker extends AssembledWorker {
  /** Resolves when the rounds under way are over; no further one begins. */
  stopSweeps(): Promise<void>;
  /** Removes the Sandboxes that wait for Jobs: none comes any more. */
  stopWarm(): Promise<void>;
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
  const states = createComponentStates(logger, ["queue", "models", "storage"]);
  metrics.components(states.levels);
  const ids = { installationId: await readInstallationId(database.sql), workerId: identity.id };
  const provider = await openSandboxProvider(config, { ...ids, metrics }, opened, stop);
  const backend: QueueBackend =
    config.redisUrl === null ? { type: "postgres", url } : { type: "redis", url: config.redisUrl };
  // Of the two connections to one queue, the consumer's tells how it is.
  const sender = createMessageSender({ backend, logger: logger.child({}, { level: "error" }) });
  opened.defer("message sender", () => sender.close());
  const { archiveFolder: folder, minFreeDiskMb: minFreeMb } = config;
  const worker = assembleWorker({
    ...{ ...ids, config, identity, database, provider, backend, sender, metrics, states, logger },
    warm: provider,
    gateway: await openGateway(config, metrics),
    egress: egressSettings(config, [process.env["DOCKER_HOST"], process.env["PGHOST"]]),
    blobStore: createFileBlobStore({ folder }),
    disk: createDiskGuard({ folder, minFreeMb, writes: true, logger }),
  });
  const { registry, consumer, report, ability, sweeps } = worker;
  const stopListening = await listenForCancels(database, registry);
  stop.throwIfAborted();
  opened.defer("cancel signals", stopListening, hintBoundMs);
  opened.defer("message consumer", () => consumer.close(2_000));
  const schema = watchSchema({
    ...{ read: () => readSchemaVersion(database.sql), known: knownSchema(), logger },
    stop: (reason) => requests.ask(reason),
  });
  await ability.run(stop);
  stop.throwIfAborted();
  const stopSweeps = startSweeps([schema, ability, ...sweeps], states);
  opened.defer("sweeps", stopSweeps, hintBoundMs);
  consumer.start();
  const reports = startSweep(report, logger);
  opened.defer("reports", () => reports.stop(), hintBoundMs);
  const { id, name } = identity;
  logger.info({ id, name, concurrency: config.concurrency, queue: backend.type }, "the worker takes jobs");
  return { ...worker, stopSweeps, stopWarm: () => provider.stop() };
}

/** Stops what is cancelled; a cancel that was missed is found when the Lease is renewed. */
function listenForCancels({ sql }: Database, registry: AttemptRegistry): Promise<() => Promise<void>> {
  return listen(sql, cancelChannel, {
    onPayload: (payload) => {
      const { jobId, requestedAt } = readCancelSignal(payload);
      registry.stop(jobId, "cancelled", requestedAt);
    },
    onGap: () => undefined,
  });
}

function startSweeps(sweeps: readonly Sweep[], states: ComponentStates): () => Promise<void> {
  const isKnown = createKnownTrouble(states);
  const loops = sweeps.map((sweep) => startSweep(sweep, logger, isKnown));
  return async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
  };
}

async function openSandboxProvider(
  config: WorkerConfig,
  {
    metrics,
    ...ids
  }: { readonly installationId: string; readonly workerId: string; readonly metrics: WorkerMetrics },
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
    ...{ stepRunner: config.stepRunner, stepPreload: config.stepPreload },
    ...{ ...ids, logger, seccompProfile },
    // More than it can run at once are of no use to it.
    warm: { size: config.warmPoolSize, most: config.concurrency, limits, count: metrics.warmChanged },
  });
  opened.defer("sandbox provider", () => provider.stop(), 10_000);
  return provider;
}

async function openGateway({ models }: WorkerConfig, metrics: WorkerMetrics): Promise<ModelGateway> {
  const gateway = createModelGateway({
    primary: await openPrimary(models.primary),
    fallback: await openFallback(models.fallback),
    prompts: await loadPrompts(),
    callTimeoutMs: models.callTimeoutMs,
    prices: models.prices,
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
