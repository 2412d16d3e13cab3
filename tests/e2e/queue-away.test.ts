import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RedisServer } from "../support/redis-server.ts";
import { type Stack, startStack } from "../support/stack.ts";

describe("a service whose Redis goes away (fault 7)", () => {
  let stack: Stack;
  let redis: RedisServer;
  beforeAll(async () => {
    stack = await startStack({ backend: "redis", env: { WORKER_CONCURRENCY: "1" } });
    if (stack.redis === null) throw new Error("the stack has no Redis");
    redis = stack.redis;
  });
  afterAll(() => stack.stop());

  const step = (command: string) => ({ steps: [{ kind: "shell", command }] });
  const readiness = async () => {
    const response = await stack.client.request("/ready");
    // safety: the contract's own tests hold /ready against its schema.
    const body = (await response.json()) as { status: string; components: { queue: { state: string } } };
    return { http: response.status, status: body.status, queue: body.components.queue.state };
  };
  const printed = async (command: string): Promise<string> => {
    const id = await stack.client.schedule(step(command));
    for await (const { event } of stack.client.events(id)) if (event === "log") return id;
    throw new Error("the job printed nothing");
  };

  test("while Redis is dead a job is accepted at once, what runs goes on, and the job runs when Redis is back", async () => {
    const running = await printed("echo started; sleep 2; echo finished");
    await redis.kill();
    const startedAt = performance.now();
    const id = await stack.client.schedule(step("echo late"));
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeLessThan(1_000);
    await expect
      .poll(readiness, { timeout: 10_000 })
      .toEqual({ http: 200, status: "degraded", queue: "away" });
    expect(await stack.client.ended(running)).toMatchObject({ status: "succeeded", attempt: 1 });
    expect(await stack.client.status(id)).toMatchObject({ status: "queued" });
    await redis.start();
    const backAt = performance.now();
    expect(await stack.client.ended(id, 15_000)).toMatchObject({ status: "succeeded", attempt: 1 });
    console.log(
      `accepted in ${tookMs.toFixed(0)} ms; ended ${(performance.now() - backAt).toFixed(0)} ms after Redis was back`,
    );
    expect(await stack.client.printed(id)).toBe("late\n");
    await expect.poll(async () => (await readiness()).queue, { timeout: 10_000 }).toBe("ok");
  }, 60_000);

  test("messages that Redis has lost are offered again: every job runs, and runs once", async () => {
    const running = await printed("echo started; sleep 4");
    const waiting = await Promise.all(
      ["a", "b", "c"].map((word) => stack.client.schedule(step(`echo ${word}`))),
    );
    const { sql } = stack.database;
    const dispatched = async () =>
      (await sql`SELECT FROM jobs WHERE id = ANY (${waiting}::uuid[]) AND dispatched_at IS NOT NULL`).length;
    await expect.poll(dispatched, { timeout: 5_000 }).toBe(3);
    await redis.run("FLUSHALL");
    // Half a minute passes, after which a Message that was not taken counts as lost.
    await sql`
      UPDATE jobs SET dispatched_at = dispatched_at - interval '30 seconds' WHERE id = ANY (${waiting}::uuid[])`;
    expect((await stack.client.ended(running)).status).toBe("succeeded");
    for (const [position, id] of waiting.entries()) {
      expect(await stack.client.ended(id, 30_000)).toMatchObject({ status: "succeeded", attempt: 1 });
      expect(await stack.client.printed(id)).toBe(`${["a", "b", "c"][position] ?? ""}\n`);
    }
  }, 60_000);

  test("a Redis that is killed and has lost everything too when it is back loses no job", async () => {
    const running = await printed("echo started; sleep 4");
    const id = await stack.client.schedule(step("echo survived"));
    const { sql } = stack.database;
    await expect
      .poll(async () => (await sql`SELECT FROM jobs WHERE id = ${id} AND dispatched_at IS NOT NULL`).length)
      .toBe(1);
    await redis.run("FLUSHALL");
    await redis.kill();
    const later = await stack.client.schedule(step("echo accepted"));
    await redis.start();
    await sql`UPDATE jobs SET dispatched_at = dispatched_at - interval '30 seconds' WHERE id = ${id}`;
    for (const each of [running, id, later])
      expect(await stack.client.ended(each, 30_000)).toMatchObject({ status: "succeeded", attempt: 1 });
  }, 60_000);
});
