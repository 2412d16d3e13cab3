import { chown, stat } from "node:fs/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { findProgram } from "../host/find-program.ts";
import type { ProgramEnd } from "../host/run-program.ts";
import { lastLines, runProgram } from "../host/run-program.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";

/** Runs one of PostgreSQL's programs as a user that it accepts: it refuses root. */
export type PostgresRunner = (file: string, args: readonly string[], run: PostgresRun) => Promise<ProgramEnd>;
interface PostgresRun {
  readonly limitMs: number;
  readonly stdin?: string;
}
interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const PROBE_LIMIT_MS = 10_000;

/**
 * Chooses how to run PostgreSQL on `folder`. An ordinary user runs it as it is. Root runs it in a user namespace, where
 * root is called something else: no account is needed, files stay root's, and a clone that is closed to others works.
 * Where there are no user namespaces, an account without rights is used, which must be able to reach both folders.
 */
export async function chooseRunner(
  folder: string,
  binaries: PostgresBinaries,
): Promise<Result<PostgresRunner, SetupFault>> {
  if (process.getuid?.() !== 0) return succeed(asCurrentUser);
  const accounts = await readAccounts();
  const owner = (await stat(join(folder, "data")).catch(() => null))?.uid ?? 0;
  const ownerAccount = accounts.find(({ uid }) => uid === owner);
  if (owner !== 0) return succeed(asAccount(ownerAccount ?? { name: String(owner), uid: owner, gid: owner }));

  const alias = accounts.find(({ name }) => name === "nobody") ?? accounts.find(({ uid }) => uid !== 0);
  if (alias !== undefined && (await findProgram("unshare")) !== null) {
    const runner = inNamespace(alias);
    const probe = await runner(binaries.postgres, ["--version"], { limitMs: PROBE_LIMIT_MS });
    if (probe.code === 0) return succeed(runner);
  }
  return asOwnAccount(folder, binaries, accounts);
}

const asCurrentUser: PostgresRunner = (file, args, run) => runProgram(file, args, { ...run, cwd: "/" });

/** initdb looks its user's name up, so the uid inside must be one of /etc/passwd; outside it is root all along. */
function inNamespace({ uid, gid }: Account): PostgresRunner {
  const prefix = ["-U", `--map-user=${uid}`, `--map-group=${gid}`];
  return (file, args, run) => runProgram("unshare", [...prefix, file, ...args], { ...run, cwd: "/" });
}

function asAccount({ uid, gid }: Account): PostgresRunner {
  return (file, args, run) => runProgram(file, args, { ...run, uid, gid, cwd: "/" });
}

async function asOwnAccount(
  folder: string,
  binaries: PostgresBinaries,
  accounts: readonly Account[],
): Promise<Result<PostgresRunner, SetupFault>> {
  const account = ["postgres", "nobody"].flatMap((name) =>
    accounts.filter((known) => known.name === name),
  )[0];
  if (account === undefined) return fail(noAccount("no account without rights was found"));
  const runner = asAccount(account);
  await chown(folder, account.uid, account.gid);
  const probe = await runner(binaries.postgres, ["--version"], { limitMs: PROBE_LIMIT_MS });
  if (probe.code !== 0) return fail(noAccount(`${account.name} cannot run it: ${lastLines(probe.output)}`));
  const reach = await runner("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { limitMs: PROBE_LIMIT_MS });
  if (reach.code !== 0) return fail(noAccount(`${account.name} cannot reach ${folder}`));
  return succeed(runner);
}

function noAccount(reason: string): SetupFault {
  return {
    what: `PostgreSQL refuses to run as root, there are no user namespaces here, and ${reason}.`,
    advice:
      "Run the command as an ordinary user, or clone into a folder that others may enter (not under a closed home), " +
      "or set DATABASE_URL to a PostgreSQL 14 or later.",
  };
}

async function readAccounts(): Promise<readonly Account[]> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  return lines.flatMap((line) => {
    const [name = "", , uid = "", gid = ""] = line.split(":");
    return name === "" || uid === "" ? [] : [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
