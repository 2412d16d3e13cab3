import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

const cancels = 24;
const apartMs = 150;

describe("a cancel at any instant of a job's life (fault 19)", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres" });
  });
  afterAll(() => stack.stop());

  test("is answered with the truth: who is told yes has a cancelled job without a container, who is told no has another end", async () => {
    const { client } = stack;
    // Each job lives for about as long as the last of them is left alone: queued, starting, running, ending, ended.
    const steps = [{ kind: "shell", command: "echo one; sleep 1" }];
    const cancelled = async (_: unknown, index: number) => {
      const job = await client.schedule({ steps });
      await new Promise((resolve) => setTimeout(resolve, index * apartMs));
      const answer = await client.request(`/cancel/${job}?wait=30`, { method: "POST" });
      // safety: the contract's own tests hold the answer against its schema.
      const { cancelled: promised } = (await answer.json()) as { cancelled: boolean };
      const ended = await client.ended(job);
      expect(ended.status).toBe(promised ? "cancelled" : "succeeded");
      const ids: number[] = [];
      for await (const { id, event, data } of client.events(job)) {
        ids.push(id);
        if (event === "end") expect(data["status"]).toBe(ended.status);
      }
      expect(ids).toEqual(Array.from({ length: ids.length }, (__, at) => at + 1));
      const left = (await stack.containers()).filter((name) => promised && name.includes(job));
      expect(left).toEqual([]);
      return promised;
    };
    const promises = await Promise.all(Array.from({ length: cancels }, cancelled));
    expect(promises).toContain(true);
    await expect.poll(() => stack.containers(), { timeout: 15_000 }).toEqual([]);
  }, 120_000);
});
