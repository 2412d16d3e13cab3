import { access } from "node:fs/promises";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { connectionUrl, readPassword } from "./connection-url.ts";
import { readPostmasterPid } from "./postmaster-pid.ts";
import { startEmbeddedPostgres } from "./start-embedded-postgres.ts";
import { tryFolderLock } from "../lock/folder-lock.mjs";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";

/**
 * The embedded database of `dataDir`, as a URL: that of the service which runs there, else one that is started here, and
 * stopped again by `opened`. No database is ever made. `command` is who asks, for a service that is started meanwhile.
 */
export async function openEmbeddedDatabase(
  dataDir: string,
  { command, progress }: { readonly command: string; readonly progress: Progress },
  opened: AsyncDisposableStack,
): Promise<Result<string, SetupFault>> {
  const folder = join(dataDir, "postgres");
  const data = join(folder, "data");
  if (!(await isThere(join(data, "PG_VERSION")))) {
    return fail({
      what: `There is no database in ${dataDir}, and DATABASE_URL is not set: there is nothing to look at.`,
      advice: "Set DATABASE_URL or DATA_DIR to those of the service, or start it once (npm start).",
    });
  }
  try {
    const lock = await tryFolderLock(join(dataDir, "longshore.lock"), { url: command });
    if (!lock.ok) return await findRunningServer(folder, data, lock.failure.pid);
    opened.defer(lock.value.release);
    const log = (line: string) => progress.say(`  ${line}`);
    const started = await progress.phase("Starting the embedded PostgreSQL", () =>
      startEmbeddedPostgres({ dataDir, log }),
    );
    if (!started.ok) return started;
    opened.defer(async () => {
      const stopped = await started.value.stop();
      if (!stopped.ok) progress.say(stopped.failure.what);
    });
    return succeed(started.value.url);
  } catch (error) {
    return fail(systemFault(`Using the folder ${dataDir}`, error));
  }
}

async function findRunningServer(
  folder: string,
  data: string,
  pid: number,
): Promise<Result<string, SetupFault>> {
  const file = await readPostmasterPid(data);
  if (file?.state === "ready") {
    const password = await readPassword(folder);
    return password.ok ? succeed(connectionUrl(password.value, file.port)) : password;
  }
  return fail({
    what: `The service that runs on ${folder} (process ${pid}) has no database that is ready.`,
    advice: "It is just starting or stopping: run the command again in some seconds.",
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
