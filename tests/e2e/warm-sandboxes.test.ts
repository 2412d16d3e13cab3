import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

const soon = { timeout: 60_000, interval: 100 };

describe("warm sandboxes of a service", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres", env: { WARM_POOL_SIZE: "1", WORKER_CONCURRENCY: "3" } });
  });
  afterAll(() => stack.stop());

  const metric = async (line: RegExp): Promise<number> => {
    const response = await stack.client.request("/metrics");
    return Number(line.exec(await response.text())?.[1] ?? 0);
  };

  /** Until the engine has so many, and the worker says that they are ready: one that starts is there before it is. */
  const untilWarm = async (count: number) => {
    await expect.poll(async () => (await stack.warm()).length, soon).toBe(count);
    await expect.poll(() => metric(/^longshore_sandboxes_warm (\d+)/mu), soon).toBe(count);
  };

  test("a job gets the one that waits, with its files, environment and limits, and /metrics counts it", async () => {
    await untilWarm(1);
    const [before] = await stack.warm();
    const id = await stack.client.schedule({
      steps: [
        {
          kind: "shell",
          command:
            "cat given.txt; echo $WORD; cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>&-; sleep 1",
        },
      ],
      files: [{ path: "given.txt", content: "given\n" }],
      env: { WORD: "word" },
      limits: { pids: 100 },
    });
    await expect.poll(async () => (await stack.containers()).join(), soon).toContain(id);
    // While an engine renames a container, it has both names.
    await expect.poll(() => stack.warm(), soon).not.toContain(before);
    const job = await stack.client.ended(id);
    expect(job).toMatchObject({ status: "succeeded", sandbox: { warm: true }, attempt: 1 });
    expect(await stack.client.printed(id)).toBe("given\nword\n116\n");
    await expect.poll(() => metric(/longshore_sandboxes_warm_total\{event="taken"\} (\d+)/u), soon).toBe(1);
    await expect
      .poll(() => metric(/longshore_sandbox_start_seconds_count\{warm="true"\} (\d+)/u), soon)
      .toBe(1);
    await untilWarm(1);
  }, 120_000);

  test("jobs that come at once get one each, in which nothing is of those before", async () => {
    const two = async () => {
      const schedule = () =>
        stack.client.schedule({
          steps: [{ kind: "shell", command: "ls -A /workspace /tmp; echo mine > mine; sleep 1" }],
        });
      const ids = await Promise.all([schedule(), schedule()]);
      const jobs = await Promise.all(ids.map((id) => stack.client.ended(id)));
      for (const id of ids) expect(await stack.client.printed(id)).toBe("/tmp:\n\n/workspace:\n");
      return jobs;
    };
    // The first may find one alone; more are made once they came together.
    await expect
      .poll(async () => (await two()).map(({ sandbox }) => sandbox?.warm), {
        timeout: 100_000,
        interval: 3_000,
      })
      .toEqual([true, true]);
  }, 150_000);

  test("a worker that is asked to stop removes them, and one that is killed leaves them to the next one", async () => {
    await expect.poll(() => stack.warm(), soon).not.toEqual([]);
    expect(await stack.worker().end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(await stack.warm()).toEqual([]);
    await stack.startWorker();
    await untilWarm(1);
    const [left] = await stack.warm();
    await stack.worker().end("SIGKILL");
    expect(await stack.warm()).toEqual([left]);
    await stack.startWorker();
    await expect.poll(() => stack.warm(), soon).not.toContain(left);
    await untilWarm(1);
  }, 200_000);
});
