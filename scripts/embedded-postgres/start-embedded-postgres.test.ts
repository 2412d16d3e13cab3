import { spawnSync } from "node:child_process";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPostmasterPid } from "./postmaster-pid.ts";
import { startEmbeddedPostgres } from "./start-embedded-postgres.ts";
import type { EmbeddedPostgres } from "./start-embedded-postgres.ts";

let dataDir: string;
let lines: string[];
const started: EmbeddedPostgres[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "longshore-postgres-"));
  lines = [];
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(folder = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    log: (line) => lines.push(line),
    durable: false,
  });
  if (!server.ok) throw new Error(`${server.failure.what} ${server.failure.advice}`);
  started.push(server.value);
  return server.value;
}

async function query<Row>(url: string, text: string): Promise<readonly Row[]> {
  const sql = postgres(url, { max: 1 });
  try {
    return await sql.unsafe<Row[]>(text);
  } finally {
    await sql.end();
  }
}

/** The data directory's own file, read as the server left it. */
const postmaster = () => readPostmasterPid(join(dataDir, "postgres", "data"));

describe("the embedded PostgreSQL", () => {
  test("starts with a database of its own, keeps what is written, and is gone after stop", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
    expect(await first.stop()).toEqual({ ok: true, value: null });
    expect(await postmaster()).toBeNull();
    const second = await start();
    expect(second.port).toBe(first.port);
    expect(await query(second.url, "SELECT n, current_database() AS db FROM kept")).toEqual([
      { n: 7, db: "longshore" },
    ]);
  });

  test("listens on loopback only, asks for a password, and keeps it to itself", async () => {
    const { url, port } = await start();
    expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    expect(await query(url, "SHOW unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
    await expect(
      query(`postgres://longshore:wrong@127.0.0.1:${port}/longshore`, "SELECT 1"),
    ).rejects.toMatchObject({ code: "28P01" });
    expect((await stat(join(dataDir, "postgres", "password"))).mode & 0o777).toBe(0o600);
  });

  test("that still runs is used, not started twice", async () => {
    const first = await start();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(lines.join()).toContain("still runs");
  });

  test("starts after its server was killed, with all that was committed", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
    process.kill((await postmaster())?.pid ?? 0, "SIGKILL");
    const second = await start();
    expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  test("starts where postmaster.pid names a process that is no server of this folder (fault 28)", async () => {
    await (await start()).stop();
    const file = join(dataDir, "postgres", "data", "postmaster.pid");
    await writeFile(file, `${process.pid}\n/elsewhere\n1\n5432\n\n127.0.0.1\n1 1\nready\n`, { mode: 0o600 });
    await start();
    expect(lines.join()).toContain("stale postmaster.pid");
  });

  test("starts on data that were copied from a running host (fault 28)", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7); CHECKPOINT");
    const copy = await mkdtemp(join(tmpdir(), "longshore-postgres-copy-"));
    try {
      await cp(join(dataDir, "postgres"), join(copy, "postgres"), { recursive: true });
      await chmod(join(copy, "postgres", "data"), 0o700);
      const second = await start(copy);
      expect(second.port).not.toBe(first.port);
      expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
      await second.stop();
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });

  test("begins anew where an earlier start was killed while it made the database", async () => {
    const draft = join(dataDir, "postgres", "data.draft-00000000");
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, "PG_VERSION"), "18\n");
    await start();
    await expect(stat(draft)).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  test("says what to do where its folder cannot be made", async () => {
    await writeFile(join(dataDir, "file"), "");
    const failed = await startEmbeddedPostgres({ dataDir: join(dataDir, "file"), log: () => undefined });
    expect(failed).toMatchObject({ ok: false, failure: { advice: expect.stringContaining("DATA_DIR") } });
  });

  test("says what to do where the password is lost", async () => {
    await (await start()).stop();
    await rm(join(dataDir, "postgres", "password"));
    const failed = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(failed).toMatchObject({ ok: false, failure: { what: expect.stringContaining("password") } });
  });

  test.runIf(process.getuid?.() === 0)("runs for an ordinary user, too", async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    await chown(dataDir, nobody.uid, nobody.gid);
    const code = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, "start-embedded-postgres.ts"))});
      const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: console.log });
      if (!server.ok) throw new Error(server.failure.what);
      console.log(JSON.stringify(await server.value.stop()));`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      ...nobody,
      cwd: "/",
      encoding: "utf8",
    });
    // A clone in a folder that is closed to others cannot be run by them; then there is nothing to see here.
    if (run.stderr?.includes("EACCES") || run.error !== undefined) return;
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toEqual({ ok: true, value: null });
    expect((await readFile(join(dataDir, "postgres", "server.log"), "utf8")).length).toBeGreaterThan(0);
  });
});
