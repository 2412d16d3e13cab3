import { randomUUID } from "node:crypto";
import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { newArchiveKey } from "@longshore/shared/db/archive-key";
import type { Database } from "@longshore/shared/db/connect-database";
import { readDatabaseTime, takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import { createLogger } from "@longshore/shared/runtime/logger";
import { createStoreArchive } from "../archive/create-store-archive.ts";
import { createWriteArchive } from "../archive/write-archive.ts";
import { egressSettings } from "../egress/egress-settings.ts";
import type {
  Adoption,
  AdoptionSpec,
  Sandbox,
  SandboxLife,
  SandboxProvider,
  SandboxRecord,
} from "../sandbox/sandbox-provider.ts";
import { takeOverExpiredLeases } from "../sweeps/take-over-expired-leases.ts";
import { createWorkerMetrics } from "../worker-metrics.ts";
import { createAttemptRegistry } from "./attempt-registry.ts";
import { type AttemptStore, createAttemptStore } from "./attempt-store.ts";
import { createAttemptRunner } from "./run-attempt.ts";

const logger = createLogger("test", "fatal");
const leaseSeconds = 15;
const engineId = () => Promise.resolve("one");
const egress = egressSettings(
  { allowFullNetwork: false, egressMb: 1, egressPrivateRanges: [], databaseUrl: null, redisUrl: null },
  [],
);

/** The adoption of a sandbox whose agent says these frames and whose workspace is empty; `at` is what happened to it. */
export function sandboxSaying(
  frames: readonly AgentFrame[],
  onOutputs: () => Promise<unknown> = () => Promise.resolve(),
) {
  const at: string[] = [];
  const sandbox: Sandbox = {
    ...{ ref: "adopted", warm: false, breach: () => null },
    frames: (async function* () {
      yield* frames;
    })(),
    send: (frame) => Promise.resolve(void at.push(`sent ${frame.type}`)),
    alive: () => Promise.resolve("running"),
    use: () => Promise.resolve(null),
    takeOutputs: async function* ({ onListed }) {
      await onOutputs();
      onListed(null);
      yield Buffer.alloc(1_024);
    },
    onEgress: () => undefined,
    detach: () => void at.push("detached"),
    end: () => {
      at.push("ended");
      return Promise.resolve({ exitCode: 0, oomKilled: false, seen: true });
    },
    remove: () => Promise.resolve(void at.push("removed")),
  };
  return { at, adopt: () => Promise.resolve({ type: "adopted" as const, sandbox, running: true }) };
}

export interface Engine {
  /** What comes of an adoption; that the container is gone, where left out. */
  readonly adopt?: (spec: AdoptionSpec) => Promise<Adoption>;
  readonly sandboxes?: readonly SandboxRecord[];
  readonly removeListed?: () => Promise<void>;
  /** What it says of the Sandbox when it is asked whether it lives; that it is gone, where left out. */
  readonly life?: () => SandboxLife;
  readonly changeStore?: (store: AttemptStore) => AttemptStore;
}

function providerOf(
  { adopt, sandboxes = [], life = () => "gone", removeListed }: Engine,
  adopted: AdoptionSpec[],
  removed: string[],
): SandboxProvider {
  return {
    ...{ name: "none", runtime: "none", ping: () => Promise.resolve() },
    start: () => Promise.reject(new Error("nothing is started here")),
    engineId: () => Promise.resolve("one"),
    adopt: (spec) => {
      adopted.push(spec);
      return adopt?.(spec) ?? Promise.resolve({ type: "gone", reason: "it is not there" });
    },
    list: () => Promise.resolve(sandboxes),
    life: () => Promise.resolve(life()),
    removeListed: ({ name }) => {
      removed.push(name);
      return removeListed?.() ?? Promise.resolve();
    },
  };
}

/** A worker that takes over what has no worker any more, with an engine that does as it is told. */
export function takingWorker(on: Database, folder: string, engine: Engine = {}) {
  const { changeStore = (store) => store } = engine;
  const owner = randomUUID();
  const adopted: AdoptionSpec[] = [];
  const removed: string[] = [];
  const taken: Promise<void>[] = [];
  const provider = providerOf(engine, adopted, removed);
  const registry = createAttemptRegistry();
  const runner = createAttemptRunner({
    secretBox: null,
    store: changeStore(createAttemptStore(on, { owner, leaseSeconds, engineId })),
    ...{ provider, owner, leaseSeconds, logger, retentionDays: 7, registry, goneAfterSilenceMs: 1_200 },
    gateway: {
      configured: false,
      plan: () => Promise.reject(new Error("nobody is asked here")),
      state: () => ({ primary: null, fallback: null }),
    },
    egress,
    newArchiveKey: (attempt) => newArchiveKey("0badcafe-0000-7000-8000-000000000000", attempt),
    metrics: createWorkerMetrics(),
    storeArchive: createStoreArchive({
      writeArchive: createWriteArchive({ blobStore: createFileBlobStore({ folder }) }),
      ...{ versions: {}, logger },
    }),
  });
  const sweep = takeOverExpiredLeases({
    readTime: () => readDatabaseTime(on.sql),
    takeExpired: (limit, asOf) =>
      takeExpiredLeases(on.sql, owner, {
        ...{ leaseSeconds, limit, asOf, engineId: "one", otherEngineAfterSeconds: 60 },
        except: registry.jobIds(),
      }),
    takeOver: (lease) => {
      const done = runner.takeOver(lease);
      taken.push(done.catch(() => undefined));
      return done;
    },
    ...{ leaseSeconds, logger },
  });
  return {
    owner,
    adopted,
    removed,
    handOver: () => registry.stopAll("hand_over"),
    /** One round, and what it has taken over to its end. */
    run: async (): Promise<void> => {
      await sweep.run(new AbortController().signal);
      await Promise.all(taken);
    },
  };
}
