// Row 10 of the faults: a PostgreSQL that has no room left on its disk, or no connection.
import { execFile } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { type ServiceOnPostgres, startServiceOn } from "../support/service-on-postgres.ts";

const run = promisify(execFile);
const soon = { timeout: 30_000, interval: 100 };
const diskMb = 200;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-full-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function expectWellAgain(service: ServiceOnPostgres, ...ids: readonly string[]): Promise<void> {
  const accepted = async () => (await service.post("echo later")).status;
  await expect.poll(accepted, soon).toBe(202);
  for (const id of ids) {
    expect(await service.client.ended(id, 40_000)).toMatchObject({ status: "succeeded", attempt: 1 });
  }
  await expect.poll(() => service.readiness(), soon).toMatchObject({ http: 200, state: "ok" });
}

async function expectRefused(service: ServiceOnPostgres, reason: string): Promise<void> {
  const refused = async () => {
    const { status, headers } = await service.post("echo never");
    return [status, headers.get("Retry-After") !== null];
  };
  await expect.poll(refused, soon).toEqual([503, true]);
  await expect.poll(async () => (await service.readiness()).reason, soon).toBe(reason);
}

/** Takes every connection that there is, until the returned function gives them back. */
async function takeAllConnections(server: PostgresServer): Promise<() => Promise<void>> {
  const clients: postgres.Sql[] = [];
  const take = async (): Promise<boolean> => {
    const client = postgres(server.url, { max: 1, idle_timeout: 0, max_lifetime: null });
    clients.push(client);
    return client`SELECT 1`.then(
      () => true,
      () => false,
    );
  };
  const operator = postgres(server.url, { max: 1 });
  const cut = () => operator`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'longshore-%'`;
  await operator`SELECT 1`;
  while (await take());
  // Each that the service loses is taken before the service connects again.
  for (let lost = -1; lost !== 0;) {
    lost = (await cut()).length;
    while (await take());
  }
  return async () => {
    await Promise.all([operator, ...clients].map((client) => client.end({ timeout: 5 })));
  };
}

/** A file system of `diskMb`, where this user may make one. */
async function mountSmallDisk(): Promise<(() => Promise<void>) | null> {
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${String(diskMb)}m,mode=0700`, "tmpfs", folder]);
  } catch {
    return null;
  }
  return async () => void (await run("umount", ["--lazy", folder]));
}

async function fillDisk(): Promise<void> {
  const file = await open(join(folder, "filling"), "w");
  const piece = Buffer.alloc(1_048_576);
  try {
    for (;;) await file.write(piece);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    await file.close();
  }
}

describe("row 10: a service whose PostgreSQL", () => {
  test("has no connection left answers 503 with Retry-After, says so in /ready, and resumes", async () => {
    const server = await createPostgresServer();
    const service = await startServiceOn(server);
    try {
      const hand = await service.running("sleep 6; echo finished");
      const giveBack = await takeAllConnections(server);
      await expectRefused(service, "PostgreSQL has no connection left (max_connections)");
      await giveBack();
      await expectWellAgain(service, hand);
      for (const part of [service.api, service.worker]) {
        // Who kept its connections has met nothing.
        await expect.poll(() => service.told(part).at(-1) ?? "ok", soon).toBe("ok");
        expect(service.told(part).length).toBeLessThanOrEqual(4);
      }
    } finally {
      await service.stop();
      await server.remove();
    }
  }, 120_000);

  test("has a full disk answers 503 with Retry-After, says so in /ready, and resumes", async ({ skip }) => {
    const unmount = await mountSmallDisk();
    if (unmount === null) return skip("only an administrator can make a disk of its own to be filled");
    try {
      const server = await createPostgresServer(folder);
      const service = await startServiceOn(server);
      try {
        const hand = await service.running("for i in $(seq 6); do echo $i; sleep 1; done; echo finished");
        await fillDisk();
        await expectRefused(service, "PostgreSQL's disk is full");
        await rm(join(folder, "filling"));
        await expectWellAgain(service, hand);
        expect(await service.client.printed(hand)).toBe("started\n1\n2\n3\n4\n5\n6\nfinished\n");
      } finally {
        await service.stop();
        await server.remove();
      }
    } finally {
      await unmount();
    }
  }, 120_000);
});
