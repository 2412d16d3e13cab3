import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wrongClock } from "../support/preload.ts";
import { type Stack, startStack } from "../support/stack.ts";

const hourMs = 3_600_000;

describe("workers whose clocks are an hour wrong (fault 21)", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      backend: "redis",
      env: { LEASE_SECONDS: "2", WORKER_CONCURRENCY: "2", ...wrongClock(hourMs) },
    });
  });
  afterAll(() => stack.stop());

  test("keep their leases by the database's clock, and take nobody else's", async () => {
    const workers = [
      stack.worker(),
      await stack.addWorker(wrongClock(-hourMs)),
      await stack.addWorker(wrongClock(0)),
    ];
    const begun = Date.now();
    const jobs: string[] = [];
    // Each worker has room for two, and each job runs for longer than a lease.
    for (let count = 0; count < 6; count += 1)
      jobs.push(await stack.client.schedule({ steps: [{ kind: "shell", command: "sleep 5; date +%s" }] }));
    for (const job of jobs) {
      const ended = await stack.client.ended(job);
      expect(ended).toMatchObject({ status: "succeeded", attempt: 1 });
      for (const time of [ended.started_at, ended.finished_at]) {
        expect(Date.parse(time ?? "")).toBeGreaterThan(begun - 5_000);
        expect(Date.parse(time ?? "")).toBeLessThan(Date.now() + 5_000);
      }
    }
    const [handed] = await stack.database.sql<{ count: number }[]>`
      SELECT count(*) FROM jobs WHERE lease_epoch > 0`;
    expect(handed?.count).toBe(0);
    for (const { log } of workers)
      expect(log.filter(({ msg }) => msg === "the job has ended")).toHaveLength(2);
  }, 60_000);
});
