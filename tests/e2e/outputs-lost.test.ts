import Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

describe("a sandbox that is killed while its outputs are taken", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres" });
  });
  afterAll(() => stack.stop());

  /** Runs a Job whose outputs take seconds to be taken, and kills its container meanwhile. */
  const killedWhileTaken = async (max_attempts: number) => {
    const id = await stack.client.schedule({
      steps: [{ kind: "shell", command: "for n in 1 2 3 4; do head -c 50M /dev/urandom > big-$n; done" }],
      limits: { disk_mb: 300, output_mb: 300, memory_mb: 256 },
      max_attempts,
    });
    for await (const { event, data } of stack.client.events(id))
      if (event === "state" && data["node"] === "compile") break;
    const partly = async () => (await stack.storedFiles()).some((name) => name.startsWith(`.${id}`));
    await expect.poll(partly, { timeout: 10_000, interval: 5 }).toBe(true);
    for (const name of await stack.containers()) await new Dockerode().getContainer(name.slice(1)).kill();
    return { id, job: await stack.client.ended(id, 120_000) };
  };

  test("is no success: the job is tried again, and its archive then holds all of them", async () => {
    const { id, job } = await killedWhileTaken(2);
    expect(job).toMatchObject({ status: "succeeded", attempt: 2, output: { files: 4 } });
    const { zip } = await stack.client.download(id);
    expect(zip.json("manifest.json")).toMatchObject({ not_taken: [] });
    expect((await stack.storedFiles()).filter((name) => name.includes(id))).toHaveLength(1);
  }, 150_000);

  test("with no attempt left the job has failed as sandbox_lost, and what came is saved", async () => {
    const { id, job } = await killedWhileTaken(1);
    expect(job).toMatchObject({ status: "failed", attempt: 1, failure: { code: "sandbox_lost" } });
    expect(job.plan?.steps[0]).toMatchObject({ status: "succeeded" });
    const { zip } = await stack.client.download(id);
    expect(zip.json("result.json")).toMatchObject({ status: "failed", failure: { code: "sandbox_lost" } });
  }, 150_000);
});
