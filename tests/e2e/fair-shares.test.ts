import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";
import { makeKey } from "../support/test-keys.ts";

describe.each(["redis", "postgres"] as const)(
  "two tenants on one place of one worker, over %s",
  (backend) => {
    let stack: Stack;
    beforeAll(async () => {
      stack = await startStack({ backend, env: { WORKER_CONCURRENCY: "1" } });
    });
    afterAll(() => stack.stop());

    test("one job of the one is next, however many the other has submitted before", async () => {
      const { sql } = stack.database;
      const scopes = ["jobs:read", "jobs:write"] as const;
      const [many, one] = [await makeKey(sql, "many", scopes), await makeKey(sql, "one", scopes)];
      const submit = async ({ key }: { readonly key: string }) => {
        const response = await stack.client.request("/schedule", {
          method: "POST",
          headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
          body: JSON.stringify({ steps: [{ kind: "shell", command: "true" }] }),
        });
        expect(response.status).toBe(202);
      };
      await stack.worker().end("SIGTERM");
      for (let left = 8; left > 0; left -= 1) await submit(many);
      await submit(one);
      // All of them are in the queue, the one behind the others.
      const waiting = () => sql`SELECT FROM jobs WHERE dispatched_at IS NULL`;
      await expect.poll(async () => (await waiting()).length, { timeout: 20_000 }).toBe(0);
      await stack.startWorker();
      const unfinished = () => sql`SELECT FROM jobs WHERE finished_at IS NULL`;
      await expect.poll(async () => (await unfinished()).length, { timeout: 60_000 }).toBe(0);
      const rows = await sql<{ tenant: string; status: string }[]>`
      SELECT tenant, status FROM jobs ORDER BY started_at`;
      expect(rows.map(({ tenant }) => tenant)).toEqual(["many", "one", ...Array<string>(7).fill("many")]);
      expect(rows.every(({ status }) => status === "succeeded")).toBe(true);
    }, 120_000);
  },
);
