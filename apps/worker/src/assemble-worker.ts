import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { DiskGuard } from "@longshore/shared/blob/create-disk-guard";
import { newArchiveKey } from "@longshore/shared/db/archive-key";
import type { Database } from "@longshore/shared/db/connect-database";
import { readDatabaseTime, takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import { findRunning } from "@longshore/shared/db/running-attempts";
import { findUndelivered, markDispatched } from "@longshore/shared/db/undelivered-jobs";
import { listLiveWorkers, recordWorker, type WorkerIdentity } from "@longshore/shared/db/worker-reports";
import { createMessageConsumer, type MessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import type { MessageSender } from "@longshore/shared/queue/create-message-sender";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import type { ComponentStates } from "@longshore/shared/runtime/component-states";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createStoreArchive } from "./archive/create-store-archive.ts";
import { createWriteArchive } from "./archive/write-archive.ts";
import { type AttemptRegistry, createAttemptRegistry } from "./attempt/attempt-registry.ts";
import { createAttemptStore } from "./attempt/attempt-store.ts";
import { longestHoldSeconds } from "./attempt/keep-lease.ts";
import { type AttemptRunner, createAttemptRunner } from "./attempt/run-attempt.ts";
import type { WorkerConfig } from "./config.ts";
import type { EgressSettings } from "./egress/create-egress.ts";
import type { ModelGateway } from "./models/create-model-gateway.ts";
import { createMessageProcessor } from "./process-message.ts";
import { reportWorker, type ReportWorkerDeps } from "./report-worker.ts";
import { agentEndsItselfMs } from "./sandbox/agent-silence.ts";
import type { SandboxProvider } from "./sandbox/sandbox-provider.ts";
import type { Sweep } from "./sweeps/create-sweep.ts";
import { offerUndelivered } from "./sweeps/offer-undelivered.ts";
import { removeOrphans } from "./sweeps/remove-orphans.ts";
import { retentionSweeps } from "./sweeps/retention-sweeps.ts";
import { watchAbility } from "./sweeps/watch-ability.ts";
import { takeOverExpiredLeases } from "./sweeps/take-over-expired-leases.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

// The container on an engine that this worker cannot see has ended itself by then: its owner may have been cut off from
// the database alone, and held on, and then its agent waits to hear from somebody.
const goneAfterSilenceMs = longestHoldSeconds * 1_000 + agentEndsItselfMs;
const otherEngineAfterSeconds = goneAfterSilenceMs / 1_000;
const engineIdBoundMs = 500;
// It says how it is every three seconds.
const silentWorkerSeconds = 20;

/** The clients that main.ts has opened, and who this worker is. */
export interface WorkerParts {
  readonly config: WorkerConfig;
  readonly identity: WorkerIdentity;
  readonly installationId: string;
  readonly database: Database;
  readonly provider: SandboxProvider;
  readonly warm: ReportWorkerDeps["warm"];
  readonly gateway: ModelGateway;
  readonly egress: EgressSettings;
  readonly blobStore: BlobStore;
  readonly disk: DiskGuard;
  readonly states: ComponentStates;
  readonly backend: QueueBackend;
  readonly sender: MessageSender;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
}

export interface AssembledWorker {
  readonly registry: AttemptRegistry;
  readonly consumer: MessageConsumer;
  /** Goes on while the worker drains, when the other sweeps have stopped. */
  readonly report: Sweep;
  /** To be run once before the consumer starts: it then takes nothing that could not be run. */
  readonly ability: Sweep;
  readonly sweeps: readonly Sweep[];
}

/** What of a worker is made of what; nothing runs yet. */
export function assembleWorker(parts: WorkerParts): AssembledWorker {
  const { config, identity, database, provider, gateway, blobStore, metrics, logger } = parts;
  const registry = createAttemptRegistry();
  const store = createAttemptStore(database, {
    ...{ owner: identity.id, leaseSeconds: config.leaseSeconds },
    engineId: () => knownEngine(provider),
  });
  const runner = createAttemptRunner({
    ...{ store, provider, gateway, registry, metrics, logger, goneAfterSilenceMs },
    egress: parts.egress,
    storeArchive: createStoreArchive({
      writeArchive: createWriteArchive({ blobStore }),
      versions: { longshore: identity.version, agent_image: config.agentImage },
      logger,
    }),
    secretBox: config.secretKeys === null ? null : createSecretBox(config.secretKeys),
    owner: identity.id,
    leaseSeconds: config.leaseSeconds,
    retentionDays: config.retentionDays,
    newArchiveKey: (attempt) => newArchiveKey(parts.installationId, attempt),
  });
  const consumer = createMessageConsumer({
    ...{ backend: parts.backend, logger, concurrency: config.concurrency },
    onMessage: createMessageProcessor({ store, runner, logger }),
  });
  const report = reportWorker({
    ...{ identity, provider, gateway, metrics, concurrency: config.concurrency },
    record: (worker, said) => recordWorker(database.sql, worker, said),
    queueState: () => consumer.state(),
    running: () => registry.count(),
    isTaking: () => consumer.isTaking(),
    storageState: async () => (await parts.disk.check()).component,
    states: parts.states,
    warm: parts.warm,
  });
  const ability = watchAbility({ disk: parts.disk, provider, consumer });
  return { registry, consumer, report, ability, sweeps: repairSweeps(parts, registry, runner) };
}

/** What the engine calls itself; null while it does not say. */
async function knownEngine(provider: SandboxProvider): Promise<string | null> {
  return provider.engineId(AbortSignal.timeout(engineIdBoundMs)).catch(() => null);
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
      offerAgain: (message) => sender.offerAgain(message),
      markDispatched: (messages) => markDispatched(sql, messages),
    }),
    takeOverExpiredLeases({
      readTime: () => readDatabaseTime(sql),
      takeExpired: async (limit, asOf) =>
        takeExpiredLeases(sql, identity.id, {
          ...{ leaseSeconds: config.leaseSeconds, limit, asOf, otherEngineAfterSeconds },
          engineId: await knownEngine(provider),
          except: registry.jobIds(),
        }),
      takeOver: (lease) => runner.takeOver(lease),
      logger,
      leaseSeconds: config.leaseSeconds,
    }),
    removeOrphans({
      ...{ provider, logger },
      ...{ findRunning: (jobIds) => findRunning(sql, jobIds), silenceMs: silentWorkerSeconds * 1_000 },
      // This one lives, whether it could say so lately or not.
      findLiveWorkers: async () => [
        identity.id,
        ...(await listLiveWorkers(sql, silentWorkerSeconds)).map(({ id }) => id),
      ],
      isOurs: (jobId, attempt) => registry.has(jobId, attempt),
    }),
    ...retentionSweeps({ sql, blobStore, settings: config, logger }),
  ];
}
