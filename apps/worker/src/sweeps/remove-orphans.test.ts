import { findRunning } from "@longshore/shared/db/running-attempts";
import { newJobId } from "@longshore/shared/domain/job-id";
import { createLogger } from "@longshore/shared/runtime/logger";
// oxlint-disable-next-line no-restricted-imports -- the sweep is tried on a real engine
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endStoredJob, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { createDockerProvider } from "../sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../sandbox/docker/docker-provider.testkit.ts";
import type { SandboxProvider, SandboxRecord } from "../sandbox/sandbox-provider.ts";
import { warmMaxAgeMs } from "../sandbox/warm-pool.ts";
import { removeOrphans } from "./remove-orphans.ts";

const logger = createLogger("test", "fatal");
const silenceMs = 20_000;
const limits = { cpus: 1, memory_mb: 64, pids: 32, disk_mb: 8 };
const soon = () => AbortSignal.timeout(20_000);

describe("orphaned sandboxes, on a real engine,", { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let provider: SandboxProvider;
  beforeAll(async () => {
    database = await createTestDatabase();
    provider = createDockerProvider(await dockerDeps(new Docker()));
  });
  afterAll(async () => {
    await removeLeftovers();
    await database.remove();
  });

  const startFor = async (jobId: string, attempt = 1): Promise<void> => {
    const started = await provider.start({ jobId, attempt, limits }, soon());
    if (!started.ok) throw new Error(started.failure.message);
  };
  const left = async () => {
    const sandboxes = await provider.list(soon());
    return sandboxes.map(({ jobId, attempt }) => `${jobId ?? ""} ${String(attempt)}`).toSorted();
  };

  test("those of ended, of unknown and of earlier attempts go; those of running ones and of this worker stay", async () => {
    const { sql } = database;
    const [ended, running, next, ours] = [
      await storeRunningJob(sql),
      await storeRunningJob(sql),
      await storeRunningJob(sql),
      await storeRunningJob(sql),
    ];
    const unknown = newJobId();
    await endStoredJob(sql, ended, "succeeded");
    await endStoredJob(sql, ours, "failed");
    await sql`UPDATE jobs SET attempt = 2 WHERE id = ${next.jobId}`;
    for (const { jobId } of [ended, running, next, ours]) await startFor(jobId);
    await startFor(next.jobId, 2);
    await startFor(unknown);
    const sweep = removeOrphans({
      ...{ provider, logger },
      findRunning: (jobIds) => findRunning(sql, jobIds),
      ...{ findLiveWorkers: () => Promise.resolve([]), silenceMs },
      isOurs: (jobId) => jobId === ours.jobId,
    });
    await sweep.run(soon());
    const leftOnce = [ended.jobId, ours.jobId, running.jobId, unknown].map((id) => `${id} 1`);
    expect(await left(), "an owner may be about to end it").toEqual(
      [...leftOnce, `${next.jobId} 2`].toSorted(),
    );
    await sweep.run(soon());
    expect(await left()).toEqual([`${ours.jobId} 1`, `${next.jobId} 2`, `${running.jobId} 1`].toSorted());
  });
});

test("an orphan that the engine hangs on keeps no other one, of this round or a later one", async () => {
  const orphan = { attempt: 1, epoch: 0, running: true, startedBy: null, createdAt: new Date(0) };
  const called = (name: string) => ({ ...orphan, ref: name, name, jobId: newJobId() });
  const listed = [called("hung")];
  const hanging = Promise.withResolvers<void>();
  const asked: string[] = [];
  const sweep = removeOrphans({
    provider: {
      list: () => Promise.resolve(listed),
      removeListed: ({ name }) => {
        asked.push(name);
        return asked.length === 1 ? hanging.promise : Promise.resolve();
      },
    },
    ...{ logger, isOurs: () => false, findRunning: () => Promise.resolve([]) },
    ...{ findLiveWorkers: () => Promise.resolve([]), silenceMs },
    roundMs: 50,
  });
  await sweep.run(soon());
  await sweep.run(soon());
  listed.push(called("another"));
  await sweep.run(soon());
  await sweep.run(soon());
  expect(asked).toEqual(["hung", "another"]);
  hanging.reject(new Error("the engine failed"));
  await hanging.promise.catch(() => undefined);
  await sweep.run(soon());
  expect(asked).toEqual(["hung", "another", "hung", "another"]);
});

describe("a warm sandbox", () => {
  const warm = {
    ...{ ref: "x", name: "warm" },
    jobId: null,
    attempt: null,
    epoch: null,
    running: true,
    startedBy: "worker",
  };
  const sweepOver = async (record: Partial<SandboxRecord>, live: readonly string[] = ["worker"]) => {
    const removed: string[] = [];
    const sandbox = { ...warm, createdAt: new Date(), ...record };
    const sweep = removeOrphans({
      provider: {
        list: () => Promise.resolve([sandbox]),
        removeListed: ({ name }) => {
          removed.push(name);
          return Promise.resolve();
        },
      },
      ...{ logger, isOurs: () => false, findRunning: () => Promise.resolve([]) },
      ...{ findLiveWorkers: () => Promise.resolve(live), silenceMs },
    });
    await sweep.run(soon());
    return removed;
  };

  test("that is young belongs to a pool, whoever's it is", async () => {
    expect(await sweepOver({})).toEqual([]);
    expect(await sweepOver({ createdAt: new Date(Date.now() - warmMaxAgeMs - 50_000) })).toEqual([]);
  });

  test("of a worker that is gone goes, unless it is so young that its worker may be new", async () => {
    expect(await sweepOver({}, [])).toEqual([]);
    expect(await sweepOver({ createdAt: new Date(Date.now() - 16_000) }, [])).toEqual(["warm"]);
    expect(await sweepOver({ createdAt: new Date(Date.now() - 16_000), startedBy: null }, [])).toEqual([]);
  });

  test("stays while the database was away too lately for its worker to have been heard of again", async () => {
    const removed: string[] = [];
    let isAway = true;
    const sweep = removeOrphans({
      provider: {
        list: () => Promise.resolve([{ ...warm, createdAt: new Date(Date.now() - 60_000) }]),
        removeListed: ({ name }) => {
          removed.push(name);
          return Promise.resolve();
        },
      },
      ...{ logger, isOurs: () => false, silenceMs: 500, findRunning: () => Promise.resolve([]) },
      findLiveWorkers: () =>
        isAway ? Promise.reject(new Error("the database is away")) : Promise.resolve([]),
    });
    const failedAt = performance.now();
    await expect(sweep.run(soon())).rejects.toThrow("the database is away");
    isAway = false;
    await expect.poll(() => sweep.run(soon()).then(() => removed), { timeout: 10_000 }).not.toEqual([]);
    expect(performance.now() - failedAt).toBeGreaterThan(500);
  });

  test("that was created and never started goes after a minute", async () => {
    const old = new Date(Date.now() - 61_000);
    expect(await sweepOver({ running: false })).toEqual([]);
    expect(await sweepOver({ running: false, createdAt: old })).toEqual(["warm"]);
    expect(await sweepOver({ running: true, createdAt: old })).toEqual([]);
  });

  test("that is older than any pool keeps one was left by a worker that is gone", async () => {
    expect(await sweepOver({ createdAt: new Date(Date.now() - warmMaxAgeMs - 61_000) })).toEqual(["warm"]);
  });
});

test("an engine or a database that does not answer removes nothing", async () => {
  const removeListed = () => Promise.reject(new Error("removed all the same"));
  const sandbox = {
    ...{ ref: "a", name: "a" },
    jobId: newJobId(),
    attempt: 1,
    epoch: 0,
    running: true,
    startedBy: null,
    createdAt: new Date(0),
  };
  const sweep = removeOrphans({
    provider: { list: () => Promise.resolve([sandbox]), removeListed },
    ...{ logger, isOurs: () => false },
    findRunning: () => Promise.reject(new Error("the database is away")),
    ...{ findLiveWorkers: () => Promise.reject(new Error("the database is away")), silenceMs },
  });
  await expect(sweep.run(soon())).rejects.toThrow("the database is away");
});
