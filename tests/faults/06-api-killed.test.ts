import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

describe("an API that is killed with -9 right after its 202 (fault 6)", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "redis" });
  });
  afterAll(() => stack.stop());

  const statusOf = async (job: string) => {
    const rows = await stack.database.sql<{ status: string }[]>`SELECT status FROM jobs WHERE id = ${job}`;
    return rows[0]?.status;
  };

  test("has promised nothing that is not kept: the job runs, also where its message was never given to the queue", async () => {
    const steps = [{ kind: "shell", command: "echo kept" }];
    const delivered = await stack.client.schedule({ steps });
    // The queue does not answer: the row is written, and the API dies before its message is in the queue.
    stack.redis?.freeze();
    const undelivered = await stack.client.schedule({ steps });
    await stack.api().end("SIGKILL");
    expect(await statusOf(undelivered)).toBe("queued");
    stack.redis?.thaw();
    for (const job of [delivered, undelivered])
      await expect.poll(() => statusOf(job), { timeout: 30_000 }).toBe("succeeded");
  }, 60_000);
});
