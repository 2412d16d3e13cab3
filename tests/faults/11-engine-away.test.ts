// Row 11 of the faults: what a whole service makes of an engine that is gone. What a single Sandbox goes through:
// engine-trouble.test.ts and engine-hang.test.ts in apps/worker/src/sandbox/docker.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EngineWay, openEngineWay } from "../../apps/worker/src/sandbox/docker/engine-way.testkit.ts";
import { type Stack, startStack } from "../support/stack.ts";

const soon = { timeout: 30_000, interval: 100 };

describe("a worker whose engine is gone (fault 11)", () => {
  let way: EngineWay;
  let stack: Stack;
  beforeAll(async () => {
    way = await openEngineWay();
    stack = await startStack({ backend: "postgres", env: { DOCKER_HOST: way.host } });
  });
  afterAll(async () => {
    way.set("open");
    await stack.stop();
    await way.close();
  });

  const readiness = async () => {
    const response = await stack.client.request("/ready");
    // safety: the contract's own tests hold /ready against its schema.
    const body = (await response.json()) as { components: Record<"database" | "engine", { state: string }> };
    const { database, engine } = body.components;
    return { http: response.status, database: database.state, engine: engine.state };
  };
  /** Whether the worker has said how it is, 3 s and more after the queue had the Job's Message. */
  const hadItsTime = async (job: string) => {
    const [row] = await stack.database.sql<{ had: boolean }[]>`
      SELECT (SELECT max(seen_at) FROM workers) > dispatched_at + interval '3 seconds' AS had
        FROM jobs WHERE id = ${job}`;
    return row?.had;
  };
  /** Changes of a component's state that the worker has logged. */
  const changes = () =>
    stack
      .worker()
      .log.filter(({ component }) => component !== undefined)
      .map(({ component, state }) => ({ component, state }));

  test("takes no jobs: they wait in their first attempt, and run when it is back", async () => {
    way.set("cut");
    await expect.poll(readiness, soon).toEqual({ http: 200, database: "ok", engine: "away" });
    const job = await stack.client.schedule({
      steps: [{ kind: "shell", command: "echo hi" }],
      max_attempts: 1,
    });
    await expect.poll(() => hadItsTime(job), soon).toBe(true);
    expect(await stack.client.status(job)).toMatchObject({ status: "queued", attempt: 1, started_at: null });
    way.set("open");
    expect(await stack.client.ended(job)).toMatchObject({ status: "succeeded", attempt: 1 });
    await expect.poll(readiness, soon).toEqual({ http: 200, database: "ok", engine: "ok" });
    // Its sweeps met the same outage, and told nothing of it; nor did they call another part away for it.
    expect(changes()).toEqual([
      { component: "engine", state: "away" },
      { component: "engine", state: "ok" },
    ]);
    expect(stack.worker().log.filter(({ msg }) => msg === "the sweep fails")).toEqual([]);
  }, 90_000);
});
