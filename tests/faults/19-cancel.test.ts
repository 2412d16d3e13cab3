import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectTrueCancel } from "../support/cancel-truth.ts";
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
      const { promised, ended } = await expectTrueCancel(stack, job);
      if (!promised) expect(ended.status).toBe("succeeded");
      return promised;
    };
    const promises = await Promise.all(Array.from({ length: cancels }, cancelled));
    expect(promises).toContain(true);
    await expect.poll(() => stack.containers(), { timeout: 15_000 }).toEqual([]);
  }, 120_000);
});
