import { afterAll, beforeAll, describe, test } from "vitest";
import { startPrinting, systemLines } from "../support/running-job.ts";
import { type Stack, startStack } from "../support/stack.ts";

describe("a container that somebody else on the machine disturbs (fault 12)", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres" });
  });
  afterAll(() => stack.stop());

  test.concurrent.for(["kill", "pause", "stop", "remove"] as const)(
    "%s: the sandbox is lost, the log says so, and the job is tried again in another",
    { timeout: 90_000 },
    async (how, { expect }) => {
      const { client } = stack;
      const job = await startPrinting(client, "echo started; sleep 2; echo made > made.txt");
      await stack.disturb(job, how);
      expect(await client.ended(job)).toMatchObject({ status: "succeeded", attempt: 2 });
      expect((await systemLines(client, job)).join()).toContain("the sandbox was lost");
      expect((await client.download(job)).zip.text("outputs/made.txt")).toBe("made\n");
      const left = async () => (await stack.containers()).filter((name) => name.includes(job));
      await expect.poll(left, { timeout: 15_000 }).toEqual([]);
    },
  );

  test.concurrent("with no attempt left the job has failed as sandbox_lost", async ({ expect }) => {
    const { client } = stack;
    const job = await startPrinting(client, "echo started; sleep 600", { max_attempts: 1 });
    await stack.disturb(job, "kill");
    expect(await client.ended(job)).toMatchObject({ status: "failed", failure: { code: "sandbox_lost" } });
  });
});
