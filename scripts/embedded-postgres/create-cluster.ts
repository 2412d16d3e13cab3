import { randomBytes } from "node:crypto";
import { chown, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { lastLines } from "../host/run-program.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";
import type { Cluster } from "./cluster.ts";
import { DATABASE, USER } from "./cluster.ts";

const INITDB_LIMIT_MS = 120_000;
const DRAFT = "data.draft-";

/**
 * Makes the data directory with its user and its database, where it is not there yet. It is made under another name
 * and renamed at the end: one that is there is complete, whenever an earlier start was killed.
 */
export async function createCluster(cluster: Cluster): Promise<Result<null, SetupFault>> {
  const { folder, data } = cluster;
  if ((await stat(join(data, "PG_VERSION")).catch(() => null)) !== null) return succeed(null);
  await removeDrafts(folder);
  const draft = join(folder, `${DRAFT}${randomBytes(4).toString("hex")}`);
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  await giveToFolderOwner(folder, passwordFile);

  const made = await runInitdb(cluster, draft, passwordFile);
  const ready = made.ok ? await createDatabase(cluster, draft) : made;
  if (ready.ok) await rename(draft, data);
  else await rm(draft, { recursive: true, force: true });
  return ready;
}

async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(DRAFT)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** As root without user namespaces the folder belongs to an account without rights, which must read the password. */
async function giveToFolderOwner(folder: string, file: string): Promise<void> {
  const { uid, gid } = await stat(folder);
  if (process.getuid?.() === 0) await chown(file, uid, gid);
}

async function runInitdb(
  cluster: Cluster,
  draft: string,
  passwordFile: string,
): Promise<Result<null, SetupFault>> {
  // The built-in locale: the same order and letter case on every machine, whatever is installed there.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = [`--username=${USER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  const durability = cluster.durable ? [] : ["--no-sync"];
  const args = ["-D", draft, ...locale, ...access, ...durability];
  const { code, output } = await cluster.runner(cluster.binaries.initdb, args, { limitMs: INITDB_LIMIT_MS });
  return code === 0
    ? succeed(null)
    : fail(systemFault(`Making the database in ${cluster.data}`, lastLines(output)));
}

/** In PostgreSQL's single-user mode, so that nobody can meet the server before its database exists. */
async function createDatabase(cluster: Cluster, draft: string): Promise<Result<null, SetupFault>> {
  const run = { limitMs: INITDB_LIMIT_MS, stdin: `CREATE DATABASE ${DATABASE};\n` };
  const { code, output } = await cluster.runner(
    cluster.binaries.postgres,
    ["--single", "-D", draft, "postgres"],
    run,
  );
  if (code === 0 && !/\b(ERROR|FATAL|PANIC):/.test(output)) return succeed(null);
  return fail(systemFault(`Making the database in ${cluster.data}`, lastLines(output)));
}
