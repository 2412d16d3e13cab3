// The worker's health, for the engine that runs it in a container: exit code 0 where a worker of this host has said
// in the database, within the last 20 s, that it lives. One that hangs, or that has lost the database, has not.
import { hostname } from "node:os";
import { connectDatabase } from "@longshore/shared/db/connect-database";
import { listLiveWorkers } from "@longshore/shared/db/worker-reports";

const silenceSeconds = 20;

// oxlint-disable-next-line node/no-process-env -- a program of its own, as main.ts is
const url = process.env["DATABASE_URL"] ?? "";
const database = connectDatabase({ url, maxConnections: 2, applicationName: "longshore-health" });
try {
  const workers = await listLiveWorkers(database.sql, silenceSeconds);
  // A worker's name is that of its host, a hyphen and its process id.
  if (!workers.some(({ name }) => name.startsWith(`${hostname()}-`))) {
    throw new Error(`this host's worker has been silent for ${String(silenceSeconds)} s`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
await database.close();
