import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstProcess } from "../support/preload.ts";
import type { ServiceProcess } from "../support/service-process.ts";
import { type Stack, startStack } from "../support/stack.ts";

const workers = 8;
const jobs = 32;

describe("eight workers of the same name on one engine (fault 25)", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "redis", env: { WORKER_CONCURRENCY: "1", ...firstProcess() } });
  });
  afterAll(() => stack.stop());

  const ended = ({ log }: ServiceProcess) => log.filter(({ msg }) => msg === "the job has ended").length;

  test("each gets its part, two may go and one come under load, and each job runs once", async () => {
    const others = await Promise.all(Array.from({ length: workers - 1 }, () => stack.addWorker()));
    const all = [stack.worker(), ...others];
    const names = all.map(({ log }) => log.find(({ msg }) => msg === "the worker takes jobs"));
    expect(new Set(names.map((line) => line?.["name"])).size).toBe(1);
    expect(new Set(names.map((line) => line?.["id"])).size).toBe(workers);
    const steps = [{ kind: "shell", command: "sleep 1; echo ran $LONGSHORE_JOB_ID" }];
    const ids = await Promise.all(Array.from({ length: jobs }, () => stack.client.schedule({ steps })));
    await expect.poll(() => Math.min(...all.map(ended)), { timeout: 60_000 }).toBeGreaterThan(0);
    const [first, second] = others;
    const [left, also, come] = await Promise.all([
      first?.end("SIGTERM"),
      second?.end("SIGTERM"),
      stack.addWorker(),
    ]);
    expect([left?.code, also?.code]).toEqual([0, 0]);
    for (const id of ids) {
      const job = await stack.client.ended(id, 90_000);
      expect(job).toMatchObject({ status: "succeeded", failure: null });
      // An attempt that lost its sandbox may be there before it; the one that counts ran once.
      const lines = await stack.client.lines(id);
      const printed = lines.filter(({ stream, attempt }) => stream === "stdout" && attempt === job.attempt);
      expect(printed.map(({ text }) => text)).toEqual([`ran ${id}`]);
    }
    expect([...all, come].reduce((sum, each) => sum + ended(each), 0)).toBe(jobs);
    await expect.poll(() => stack.containers(), { timeout: 15_000 }).toEqual([]);
  }, 240_000);
});
