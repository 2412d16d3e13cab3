// Row 9 of the faults: a PostgreSQL that is there, and does not answer. One that is down: tests/integration/api and
// packages/shared/src/db/database-away.test.ts; for 60 s, with containers: the chaos suite.
import { mostSent, mostWaiting } from "@longshore/shared/db/within";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresControl } from "../chaos/world/postgres-control.ts";
import { createPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { type ServiceOnPostgres, startServiceOn } from "../support/service-on-postgres.ts";
import { residentMb } from "../support/resident-mb.ts";

const soon = { timeout: 25_000, interval: 100 };

let server: PostgresServer;
let service: ServiceOnPostgres;
beforeAll(async () => {
  server = await createPostgresServer();
  // What was sent to the frozen server is stored when it goes on, and runs, though its 503 said that this is not known.
  service = await startServiceOn(server, { WORKER_CONCURRENCY: "8" });
});
afterAll(async () => {
  await service.stop();
  await server.remove();
});

async function expectWellAgain(...ids: readonly string[]): Promise<void> {
  await expect.poll(() => service.readiness(), soon).toMatchObject({ http: 200, state: "ok" });
  const later = await service.client.schedule({ steps: [{ kind: "shell", command: "echo later" }] });
  for (const id of [...ids, later]) {
    expect(await service.client.ended(id, 60_000)).toMatchObject({ status: "succeeded", attempt: 1 });
  }
}

/** Holds a table so that every statement on it waits, until the returned function lets go. */
async function lockTable(...tables: readonly string[]): Promise<() => Promise<void>> {
  const operator = postgres(server.url, { max: 1 });
  const { promise: release, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  const locked = operator.begin(async (sql) => {
    await sql.unsafe(`LOCK TABLE ${tables.join(", ")} IN ACCESS EXCLUSIVE MODE`);
    hold();
    await release;
  });
  await Promise.race([held, locked]);
  return async () => {
    letGo();
    await locked;
    await operator.end();
  };
}

describe("row 9: a service whose PostgreSQL", () => {
  test("is frozen for 20 s answers 503 with Retry-After, in bounded memory, and then goes on with the same containers", async () => {
    const hand = await service.running("for i in $(seq 8); do echo $i; sleep 1; done; echo finished");
    const control = await createPostgresControl(server);
    const before = await residentMb(service.api.pid);
    const thaw = await control.freeze();
    const frozenAt = performance.now();
    try {
      const answers = await Promise.all(
        Array.from({ length: mostSent + mostWaiting + 200 }, async () => {
          const { status, headers } = await service.post("echo never");
          return { http: status, after: headers.get("Retry-After") !== null };
        }),
      );
      expect(answers.filter(({ http, after }) => http !== 503 || !after)).toEqual([]);
      expect(await service.readiness()).toMatchObject({ http: 503, state: "away" });
      await expect.poll(() => performance.now() - frozenAt, soon).toBeGreaterThan(20_000);
      expect(await residentMb(service.api.pid)).toBeLessThan(before + 60);
    } finally {
      thaw();
    }
    await expectWellAgain(hand);
    expect(await service.client.printed(hand)).toBe("started\n1\n2\n3\n4\n5\n6\n7\n8\nfinished\n");
    // One line for a change and not for a failure: hundreds have failed, and what waited for the database since it was
    // frozen may fail when it is back. Each part looks at its database by itself, now and then.
    for (const part of [service.api, service.worker])
      await expect.poll(() => service.told(part), soon).toEqual(["away", "ok"]);
    expect(service.worker.log.filter(({ msg }) => msg === "the sweep fails")).toEqual([]);
  }, 120_000);

  test("cuts all connections goes on within seconds", async () => {
    const hand = await service.running("sleep 2; echo finished");
    const operator = postgres(server.url, { max: 1 });
    await operator`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name LIKE 'longshore-%' AND pid <> pg_backend_pid()`;
    await operator.end();
    await expectWellAgain(hand);
  }, 100_000);

  test("lets statements wait beyond their time-out, and the pool run empty, says 503 with Retry-After meanwhile", async () => {
    const hand = await service.running("sleep 2; echo finished");
    const release = await lockTable("jobs");
    try {
      // More than the API has connections: what does not touch the table has to wait, too.
      const answers = await Promise.all(Array.from({ length: 20 }, () => service.post("echo never")));
      for (const { status, headers } of answers) {
        expect([status, headers.get("Retry-After") !== null]).toEqual([503, true]);
      }
      expect(await service.readiness()).toMatchObject({
        state: expect.stringMatching(/^(?:degraded|away)$/) as string,
        reason: expect.stringContaining("did not answer") as string,
      });
    } finally {
      await release();
    }
    await expectWellAgain(hand);
  }, 120_000);
});
