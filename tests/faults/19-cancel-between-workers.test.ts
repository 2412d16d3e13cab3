import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOverlaps } from "../chaos/checker/find-overlaps.ts";
import { type EngineWatch, watchEngine } from "../chaos/checker/watch-engine.ts";
import { createTimeline } from "../chaos/report/timeline.ts";
import { expectTrueCancel } from "../support/cancel-truth.ts";
import { startPrinting } from "../support/running-job.ts";
import { type Stack, startStack } from "../support/stack.ts";

const limits = { cpus: 0.25, memory_mb: 64, disk_mb: 8 };
/** When jobs are cancelled, in ms after their worker was asked to stop: before, while and after they change hands. */
const instantsMs = [0, 100, 200, 400, 700, 1_200];
const concurrency = String(instantsMs.length + 2);

describe("a cancel while the job changes hands (fault 19)", () => {
  let stack: Stack;
  let engine: EngineWatch;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres", env: { WORKER_CONCURRENCY: concurrency } });
    const installation = await readInstallationId(stack.database.sql);
    engine = await watchEngine(
      new Dockerode(),
      installation,
      createTimeline(() => undefined),
    );
  });
  afterAll(async () => {
    engine.close();
    await stack.stop();
  });

  for (const STOP_MODE of ["hand-over", "requeue"]) {
    test(`${STOP_MODE}: is kept, whichever worker hears it, and never do two containers of a job run`, async () => {
      const more = { STOP_MODE, STOP_GRACE_SECONDS: "0" };
      const leaving = await stack.addWorker(more);
      await stack.worker().end("SIGTERM");
      const start = (command: string) => startPrinting(stack.client, command, { limits });
      const endless = await Promise.all(instantsMs.map(() => start("echo started; sleep 600")));
      const ending = await Promise.all(
        [1, 2].map((seconds) => start(`echo started; sleep ${String(seconds)}`)),
      );
      await stack.startWorker();
      const left = leaving.end("SIGTERM");
      const cancelAt = async (job: string, ms: number) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return expectTrueCancel(stack, job);
      };
      const [cancelled] = await Promise.all([
        Promise.all(endless.map((job, index) => cancelAt(job, instantsMs[index] ?? 0))),
        Promise.all(ending.map((job) => cancelAt(job, 1_000))),
      ]);
      expect(cancelled.map(({ promised }) => promised)).toEqual(instantsMs.map(() => true));
      expect(await left).toEqual({ code: 0, signal: null });
      for (const job of [...endless, ...ending])
        expect(findOverlaps(engine.intervals(job), Date.now())).toEqual([]);
      for (const job of endless) expect(engine.intervals(job).length).toBeGreaterThan(0);
      await expect.poll(() => stack.containers(), { timeout: 15_000 }).toEqual([]);
    }, 120_000);
  }
});
