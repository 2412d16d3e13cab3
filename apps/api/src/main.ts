import "./openapi/extend-zod.ts";
import { createDiskGuard } from "@longshore/shared/blob/create-disk-guard";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { describeDatabaseRefusal } from "@longshore/shared/db/database-refusal";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { markDispatched } from "@longshore/shared/db/undelivered-jobs";
import { whenDatabaseAnswers } from "@longshore/shared/db/when-database-answers";
import { createMessageSender, type MessageSender } from "@longshore/shared/queue/create-message-sender";
import { exitCodeMisconfigured } from "@longshore/shared/runtime/exit-codes";
import { createComponentStates } from "@longshore/shared/runtime/component-states";
import { createLifetime, type Lifetime } from "@longshore/shared/runtime/lifetime";
import { operatorSecrets } from "@longshore/shared/config/operator-secrets";
import { createLogger, type Logger } from "@longshore/shared/runtime/logger";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import { listenForStop } from "@longshore/shared/runtime/stop-signal";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { createAccess } from "./access/create-access.ts";
import { type ApiConfig, openHostFault, parseApiConfig } from "./config.ts";
import { createDeps } from "./deps.ts";
import { createMessageDispatcher, type MessageDispatcher } from "./dispatch-messages.ts";
import { type ListenFailure, startServer } from "./server.ts";
import { createEventSignals } from "./streaming/event-signals.ts";
import { listenForEvents } from "./streaming/listen-for-events.ts";
import { watchComponents } from "./watch-components.ts";

const maxConnections = 12;
const graceMs = 5_000;
// From the signal on; who stops us kills us after 30 s.
const stopBoundMs = 12_000;
// What a database, or a queue, that answers does at once, and that is not lost where it does not answer.
const hintBoundMs = 2_000;
/** Where scripts/dashboard builds it, in a checkout and in the image. */
const dashboardFolder = join(import.meta.dirname, "../../../.longshore/dashboard");
const cannotBeOpen = { misconfigured: `The API cannot start:\n- ${openHostFault}` };

/** A supervisor must not start again what starting again does not mend. */
function exitMisconfigured(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(process.connected ? exitCodeMisconfigured : 1);
}

const config = parseApiConfig(process.env);
if (!config.ok) {
  exitMisconfigured(
    `The API cannot start, as its settings are wrong:\n${config.failure.map((fault) => `- ${fault}`).join("\n")}`,
  );
}
const logger = createLogger("api", config.value.logLevel, undefined, operatorSecrets(process.env));
const stopping = new AbortController();
const asked = listenForStop(logger).asked.then(() => {
  stopping.abort();
  return performance.now() + stopBoundMs;
});
const lifetime = createLifetime(logger);
const running = run(config.value, logger, lifetime).catch((error: unknown) => {
  if (stopping.signal.aborted) return "stopped" as const;
  const refusal = describeDatabaseRefusal(error);
  if (refusal !== null) return { misconfigured: `The API cannot use its database. ${refusal}` };
  logger.fatal({ err: error }, "the API cannot go on");
  return "crashed" as const;
});
// Asked to stop before it is open, it is not waited for.
const outcome = await Promise.race([running, asked.then(() => "stopped" as const)]);
const stopBy = stopping.signal.aborted ? await asked : performance.now() + stopBoundMs;
await lifetime.close(stopBy - performance.now());
if (outcome === "stopped") process.exit(0);
if (outcome === "crashed") process.exit(1);
exitMisconfigured(outcome.misconfigured);

/** Runs until it is asked to stop, or cannot listen. */
async function run(
  settings: ApiConfig,
  log: Logger,
  owned: Lifetime,
): Promise<"stopped" | { misconfigured: string }> {
  await whenDatabaseAnswers(() => migrateDatabase(settings.databaseUrl), log, stopping.signal);
  const connection = { url: settings.databaseUrl, maxConnections, applicationName: "longshore-api" };
  const database = connectDatabase(connection);
  owned.defer("database", database.close, hintBoundMs);
  const sender = createMessageSender({ backend: settings.queue, logger: log });
  owned.defer("queue", sender.close, 2 * hintBoundMs);
  const signals = createEventSignals();
  const listen = () => listenForEvents(database.sql, signals);
  const unlisten = await whenDatabaseAnswers(listen, log, stopping.signal);
  owned.defer("listener", unlisten, hintBoundMs);
  const dispatcher = openDispatcher(database, sender, log);
  owned.defer("messages", dispatcher.settle, hintBoundMs);
  const states = createComponentStates(log, ["queue", "storage"]);
  const access = createAccess({ sql: database.sql, corsOrigins: settings.corsOrigins, logger: log });
  owned.defer("audit trail", access.close, hintBoundMs);
  const { limitMaxima, tenantLimits, permits, retentionDays, streamBounds } = settings;
  const deps = createDeps({
    ...{ access, database, limitMaxima, tenantLimits, permits, retentionDays, streamBounds },
    archives: createFileBlobStore({ folder: settings.archiveFolder }),
    disk: createDiskGuard({ folder: settings.archiveFolder, minFreeMb: settings.minFreeDiskMb, logger: log }),
    signals,
    dispatch: dispatcher.dispatch,
    pingQueue: () => sender.ping(),
    secretBox: settings.secretKeys === null ? null : createSecretBox(settings.secretKeys),
    logger: log,
    version: manifest.version,
    dashboardFolder,
    stopping: stopping.signal,
    states,
  });
  owned.defer("components", watchComponents({ ...deps, states, logger: log }));
  const hasKeys = await whenDatabaseAnswers(access.keys.areConfigured, log, stopping.signal);
  if (!hasKeys && !settings.isLoopback) return cannotBeOpen;
  const server = await startServer(createApp(deps), settings);
  if (!server.ok) return { misconfigured: toListenMessage(server.failure, settings) };
  owned.defer("server", () => server.value.close(graceMs), graceMs + 2_000);
  log.info({ host: settings.host, keys: hasKeys, port: server.value.port }, "listening");
  await asked;
  return "stopped";
}

function openDispatcher({ sql }: Database, sender: MessageSender, log: Logger): MessageDispatcher {
  return createMessageDispatcher({
    offerNew: (messages) => sender.offerNew(messages),
    markDispatched: (messages) => markDispatched(sql, messages),
    logger: log,
  });
}

function toListenMessage({ code, message }: ListenFailure, { host, port }: ApiConfig): string {
  const where = `HOST=${host} PORT=${String(port)}`;
  if (code === "EADDRINUSE") {
    return `The API cannot listen on ${where}: another program does. Stop that program, or set PORT to another one (0 takes any that is free).`;
  }
  if (code === "EACCES") {
    return `The API cannot listen on ${where}: this user may not. Set PORT to 1024 or above.`;
  }
  return `The API cannot listen on ${where}: ${message}. Set HOST and PORT to an address of this machine.`;
}
