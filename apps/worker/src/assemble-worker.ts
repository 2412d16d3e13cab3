import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { Database } from "@longshore/shared/db/connect-database";
import {
  deleteExpiredEvents,
  expireIdempotencyKeys,
  expireJobs,
  findUnreferencedArchives,
} from "@longshore/shared/db/expire-jobs";
import { readDatabaseTime, takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import { findRunning } from "@longshore/shared/db/running-attempts";
import { findUndelivered, markDispatched } from "@longshore/shared/db/undelivered-jobs";
import { recordWorker, removeSilentWorkers, type WorkerIdentity } from "@longshore/shared/db/worker-reports";
import { createMessageConsumer, type MessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import type { MessageSender } from "@longshore/shared/queue/create-message-sender";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createStoreArchive } from "./archive/create-store-archive.ts";
import { createWriteArchive } from "./archive/write-archive.ts";
import { type AttemptRegistry, createAttemptRegistry } from "./attempt/attempt-registry.ts";
import { createAttemptStore } from "./attempt/attempt-store.ts";
import { type AttemptRunner, createAttemptRunner } from "./attempt/run-attempt.ts";
import type { WorkerConfig } from "./config.ts";
import type { ModelGateway } from "./models/create-model-gateway.ts";
import { createMessageProcessor } from "./process-message.ts";
import { reportWorker } from "./report-worker.ts";
import type { SandboxProvider } from "./sandbox/sandbox-provider.ts";
import type { Sweep } from "./sweeps/create-sweep.ts";
import { expireArchives } from "./sweeps/expire-archives.ts";
import { giveUpExpiredLeases } from "./sweeps/give-up-expired-leases.ts";
import { offerUndelivered } from "./sweeps/offer-undelivered.ts";
import { removeOrphans } from "./sweeps/remove-orphans.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** The clients that main.ts has opened, and who this worker is. */
export interface WorkerParts {
  readonly config: WorkerConfig;
  readonly identity: WorkerIdentity;
  readonly database: Database;
  readonly provider: SandboxProvider;
  readonly warmReady: () => number;
  readonly gateway: ModelGateway;
  readonly blobStore: BlobStore;
  readonly backend: QueueBackend;
  readonly sender: MessageSender;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
}

export interface AssembledWorker {
  readonly registry: AttemptRegistry;
  readonly consumer: MessageConsumer;
  readonly sweeps: readonly Sweep[];
}

/** What of a worker is made of what; nothing runs yet. */
export function assembleWorker(parts: WorkerParts): AssembledWorker {
  const { config, identity, database, provider, gateway, blobStore, metrics, logger } = parts;
  const registry = createAttemptRegistry();
  const store = createAttemptStore(database, config.leaseSeconds);
  const runner = createAttemptRunner({
    ...{ store, provider, gateway, registry, metrics, logger },
    storeArchive: createStoreArchive({
      writeArchive: createWriteArchive({ blobStore }),
      versions: { longshore: identity.version, agent_image: config.agentImage },
      logger,
    }),
    owner: identity.id,
    leaseSeconds: config.leaseSeconds,
    retentionDays: config.retentionDays,
  });
  const consumer = createMessageConsumer({
    ...{ backend: parts.backend, logger, concurrency: config.concurrency },
    onMessage: createMessageProcessor({ store, runner, owner: identity.id, logger }),
  });
  const report = reportWorker({
    ...{ identity, provider, gateway, metrics, concurrency: config.concurrency },
    record: (worker, said) => recordWorker(database.sql, worker, said),
    queueState: () => consumer.state(),
    running: () => registry.count(),
    warmReady: parts.warmReady,
  });
  return { registry, consumer, sweeps: [report, ...repairSweeps(parts, registry, runner)] };
}

function repairSweeps(
  { config, identity, database: { sql }, provider, blobStore, sender, logger }: WorkerParts,
  registry: AttemptRegistry,
  runner: AttemptRunner,
): readonly Sweep[] {
  return [
    offerUndelivered({
      findUndelivered: (options) => findUndelivered(sql, options),
      offer: (message) => sender.offer(message),
      markDispatched: (messages) => markDispatched(sql, messages),
    }),
    giveUpExpiredLeases({
      readTime: () => readDatabaseTime(sql),
      takeExpired: (limit, asOf) =>
        takeExpiredLeases(sql, identity.id, { leaseSeconds: config.leaseSeconds, limit, asOf }),
      giveUp: (row) => runner.giveUp(row),
      isOurs: (jobId, attempt) => registry.has(jobId, attempt),
      leaseSeconds: config.leaseSeconds,
    }),
    removeOrphans({
      ...{ provider, logger },
      findRunning: (jobIds) => findRunning(sql, jobIds),
      isOurs: (jobId, attempt) => registry.has(jobId, attempt),
    }),
    expireArchives({
      ...{ blobStore, logger },
      expireJobs: (limit) => expireJobs(sql, limit),
      deleteExpiredEvents: (signal) => deleteExpiredEvents(sql, signal),
      findUnreferenced: (keys) => findUnreferencedArchives(sql, keys),
      expireIdempotencyKeys: (limit) => expireIdempotencyKeys(sql, limit),
      removeSilentWorkers: () => removeSilentWorkers(sql),
    }),
  ];
}
