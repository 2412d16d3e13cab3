import { existsSync } from "node:fs";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { archiveFolder, type CommonSettings } from "@longshore/shared/config/common-settings";
import { connectDatabase } from "@longshore/shared/db/connect-database";
import { listNamedArchives } from "@longshore/shared/db/ledger/named-archives";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { createMessageLedger } from "@longshore/shared/queue/create-message-ledger";
import { createMessageSender } from "@longshore/shared/queue/create-message-sender";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { createLogger } from "@longshore/shared/runtime/logger";
import { parseWorkerConfig } from "../../apps/worker/src/config.ts";
import { openEmbeddedDatabase } from "../embedded-postgres/open-embedded-database.ts";
import { findEngine } from "../engine/find-engine.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { openEngineView } from "./engine-view.ts";
import type { Ledger } from "./ledger.ts";

export interface LedgerOptions {
  readonly settings: CommonSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly deep: boolean;
  readonly progress: Progress;
}

const DEFAULT_LEASE_SECONDS = 15;

/** Opens what the service of these settings holds things in; `opened` closes it. Starts no engine and no queue. */
export async function openLedger(
  { settings, env, deep, progress }: LedgerOptions,
  opened: AsyncDisposableStack,
): Promise<Result<Ledger, SetupFault>> {
  const { engine, tried } = await findEngine(env);
  if (engine === null) {
    const attempts = tried.map(({ host, reason }) => `\n  ${host}: ${reason}`).join("");
    return fail({
      what: `No container engine answers.${attempts}`,
      advice: "Start it, or set DOCKER_HOST to the workers' one, then run the command again.",
    });
  }
  const url =
    settings.DATABASE_URL === undefined
      ? await openEmbeddedDatabase(settings.DATA_DIR, { command: "npm run doctor", progress }, opened)
      : succeed(settings.DATABASE_URL);
  if (!url.ok) return url;
  const database = connectDatabase({
    url: url.value,
    maxConnections: 3,
    applicationName: "longshore-doctor",
  });
  opened.defer(database.close);
  const installationId = await readInstallationId(database.sql);
  const folder = archiveFolder(settings);
  if (!existsSync(folder) && (await listNamedArchives(database.sql, "", 1)).length > 0) {
    return fail({
      what: `The folder of the archives, ${folder}, is not there, though jobs name archives.`,
      advice: "Mount it, or set AGENT_OUTPUT_DIR or DATA_DIR to those of the service.",
    });
  }
  return succeed({
    sql: database.sql,
    ...openQueue(settings.REDIS_URL, url.value, opened),
    engine: await openEngineView(engine.docker, installationId),
    blobStore: createFileBlobStore({ folder }),
    archiveFolder: folder,
    minFreeMb: settings.MIN_FREE_DISK_MB,
    leaseSeconds: readLeaseSeconds(env),
    deep,
  });
}

/** What else is wrong with the worker's settings is for its start to say: here the default does. */
function readLeaseSeconds(env: NodeJS.ProcessEnv): number {
  const worker = parseWorkerConfig(env);
  return worker.ok ? worker.value.leaseSeconds : DEFAULT_LEASE_SECONDS;
}

function openQueue(
  redisUrl: string | undefined,
  databaseUrl: string,
  opened: AsyncDisposableStack,
): Pick<Ledger, "messages" | "sender"> {
  const backend: QueueBackend =
    redisUrl === undefined ? { type: "postgres", url: databaseUrl } : { type: "redis", url: redisUrl };
  // What is away is told once, by whoever asked.
  const logger = createLogger("doctor", "silent");
  const messages = createMessageLedger({ backend, logger });
  opened.defer(messages.close);
  const sender = createMessageSender({ backend, logger });
  opened.defer(sender.close);
  return { messages, sender };
}
