// Row 8 of the faults: a Redis that is there, and unwell. What a sender or consumer alone makes of it:
// packages/shared/src/queue/redis-faults.test.ts.
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFaultProxy, type FaultProxy } from "../chaos/world/fault-proxy.ts";
import { createRedisServer, type RedisServer } from "../support/redis-server.ts";
import type { ServiceProcess } from "../support/service-process.ts";
import { type Stack, startStack } from "../support/stack.ts";

const soon = { timeout: 20_000, interval: 100 };

let redis: RedisServer;
let wire: FaultProxy;
let stack: Stack;
beforeAll(async () => {
  redis = await createRedisServer();
  await redis.start();
  wire = await createFaultProxy({ listen: { port: 0 }, target: { port: redis.port } });
  // The database is only the queue's where there is no Redis: so this is a service over that Redis.
  const env = { REDIS_URL: `redis://127.0.0.1:${String(wire.port)}`, WORKER_CONCURRENCY: "2" };
  stack = await startStack({ backend: "postgres", env });
});
afterAll(async () => {
  await stack.stop();
  await wire.close();
  await redis.remove();
});

const step = (command: string) => ({ steps: [{ kind: "shell", command }] });

async function readiness() {
  const response = await stack.client.request("/ready");
  // safety: the contract's own tests hold /ready against its schema.
  const body = (await response.json()) as {
    status: string;
    components: { queue: { state: string; reason: string | null } };
  };
  return { http: response.status, status: body.status, ...body.components.queue };
}

async function running(): Promise<string> {
  const id = await stack.client.schedule(step("echo started; sleep 3; echo finished"));
  for await (const { event } of stack.client.events(id)) if (event === "log") return id;
  throw new Error("the job printed nothing");
}

/** Changes of the queue's state that a part has logged. */
const told = (part: ServiceProcess) =>
  part.log.map(({ msg }) => String(msg)).filter((msg) => /^the queue is (away|back)$/.test(msg));

async function askForPassword(): Promise<void> {
  await redis.run("CONFIG", "SET", "requirepass", "secret");
  const operator = new Redis(redis.port, "127.0.0.1", { password: "secret" });
  await operator.call("CLIENT", "KILL", "TYPE", "normal");
  operator.disconnect();
}
async function askForNone(): Promise<void> {
  const operator = new Redis(redis.port, "127.0.0.1", { password: "secret" });
  await operator.config("SET", "requirepass", "");
  operator.disconnect();
}

const faults = [
  {
    name: "memory is full",
    reason: "Redis is out of memory",
    begin: () => redis.run("CONFIG", "SET", "maxmemory", "1"),
    end: () => redis.run("CONFIG", "SET", "maxmemory", "0"),
  },
  {
    name: "has become a read-only replica",
    reason: "Redis is a read-only replica",
    begin: () => redis.run("REPLICAOF", "127.0.0.1", "1"),
    end: () => redis.run("REPLICAOF", "NO", "ONE"),
  },
  {
    name: "answers each command after 2 s",
    reason: "the queue did not answer in time",
    begin: () => Promise.resolve(wire.slow(2_000)),
    end: () => wire.pass(),
  },
  {
    name: "refuses the password",
    reason: "Redis refuses the password",
    begin: askForPassword,
    end: askForNone,
  },
] as const;

describe("row 8: a service whose Redis is unwell", () => {
  test.each(faults)(
    "that $name: /ready says why, jobs are accepted, none is lost, and all goes on when it is well",
    async ({ reason, begin, end }) => {
      await expect.poll(readiness, soon).toMatchObject({ http: 200, state: "ok" });
      const before = told(stack.api()).length;
      const hand = await running();
      await begin();
      await expect.poll(readiness, soon).toEqual({ http: 200, status: "degraded", state: "away", reason });
      const tookMs: number[] = [];
      const accepted: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        const startedAt = performance.now();
        accepted.push(await stack.client.schedule(step(`echo late ${String(count)}`)));
        tookMs.push(performance.now() - startedAt);
      }
      expect(Math.max(...tookMs)).toBeLessThan(1_000);
      expect(await stack.client.ended(hand)).toMatchObject({ status: "succeeded", attempt: 1 });
      expect(await readiness()).toMatchObject({ state: "away", reason });
      await end();
      for (const [count, id] of accepted.entries()) {
        expect(await stack.client.ended(id, 30_000)).toMatchObject({ status: "succeeded", attempt: 1 });
        expect(await stack.client.printed(id)).toBe(`late ${String(count)}\n`);
      }
      await expect.poll(readiness, soon).toMatchObject({ http: 200, state: "ok" });
      // A line of its log comes a moment after what its readiness says.
      await expect
        .poll(() => told(stack.api()).slice(before), soon)
        .toEqual(["the queue is away", "the queue is back"]);
    },
    90_000,
  );

  test("row 8: API and worker have logged one line for each change, and no error", () => {
    for (const part of [stack.api(), stack.worker()]) {
      expect(part.log.filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
      const changes = told(part);
      expect(changes).toEqual(
        changes.map((_, index) => (index % 2 === 0 ? "the queue is away" : "the queue is back")),
      );
    }
  });
});
