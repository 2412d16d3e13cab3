import { watch } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  engineCalls,
  type EngineWay,
  openEngineWay,
} from "../../apps/worker/src/sandbox/docker/engine-way.testkit.ts";
import { systemLines } from "../support/running-job.ts";
import { startStack, type Stack } from "../support/stack.ts";

const within = { timeout: 30_000, interval: 50 };
const bytes = 40_000_000;
const largeOutput = {
  kind: "shell",
  command: `head -c ${String(bytes)} /dev/urandom > large; sha256sum large | cut -d' ' -f1 > sum; echo made`,
};

let way: EngineWay;
let stack: Stack;

beforeAll(async () => {
  way = await openEngineWay();
  stack = await startStack({ backend: "postgres", env: { DOCKER_HOST: way.host, LEASE_SECONDS: "4" } });
});
afterAll(async () => {
  way.releaseAll();
  await stack.stop();
  await way.close();
});
beforeEach(async () => {
  await expect.poll(stack.containers, { timeout: 15_000 }).toEqual([]);
});
afterEach(() => {
  way.releaseAll();
});

const killed = () => stack.worker().end("SIGKILL");

/** Kills the worker as soon as a file of the archive folder has a name that fits. */
async function killAtFile(fits: (name: string) => boolean): Promise<void> {
  const seen = Promise.withResolvers<undefined>();
  const watcher = watch(stack.archiveFolder, (_, name) => {
    if (name === null || !fits(name)) return;
    stack.worker().send("SIGKILL");
    seen.resolve(undefined);
  });
  await seen.promise;
  watcher.close();
  await killed();
}

/** The Job ends under the next worker as it would have ended, and nothing is left of the first try. */
async function endsWell(job: string, attempt: number): Promise<void> {
  await stack.startWorker();
  const ended = await stack.client.ended(job);
  expect(ended).toMatchObject({ status: "succeeded", attempt, failure: null });
  expect(await stack.client.printed(job)).toBe("made\n");
  const { zip, sha256 } = await stack.client.download(job);
  expect(zip.bytes("outputs/large")).toHaveLength(bytes);
  expect((await stack.client.status(job)).output?.sha256).toBe(sha256);
  await expect.poll(() => stack.containers(), within).toEqual([]);
  const ofJob = async () => (await stack.storedFiles()).filter((name) => name.includes(job));
  await expect.poll(ofJob, within).toHaveLength(1);
}

describe("a worker that is killed at an awkward moment (fault 2)", () => {
  test("between create and start, which the engine does late: the next one finds it, and gives it the job", async () => {
    const held = way.hold(engineCalls.start);
    const job = await stack.client.schedule({ steps: [largeOutput], max_attempts: 1 });
    await held.reached();
    await killed();
    way.releaseAll();
    await endsWell(job, 1);
  }, 60_000);

  test("before the container is made: nothing had run, and nothing is held against the job", async () => {
    const held = way.hold(engineCalls.list);
    const job = await stack.client.schedule({ steps: [largeOutput], max_attempts: 1 });
    await expect.poll(async () => (await stack.client.status(job)).status, within).toBe("running");
    await held.reached();
    await killed();
    way.releaseAll();
    await endsWell(job, 2);
    expect(await systemLines(stack.client, job)).toContain(
      "the worker of this attempt went away before anything of the job ran: it is started anew",
    );
  }, 60_000);

  test("after the last step: the next one takes the outputs", async () => {
    const job = await stack.client.schedule({ steps: [largeOutput], max_attempts: 1 });
    for await (const { event, data } of stack.client.events(job))
      if (event === "step" && data["status"] === "succeeded") break;
    await killed();
    await endsWell(job, 1);
  }, 60_000);

  test("while the archive is written: the next one writes it anew", async () => {
    const job = await stack.client.schedule({ steps: [largeOutput], max_attempts: 1 });
    await killAtFile((name) => name.includes(job) && name.endsWith(".part"));
    await endsWell(job, 1);
  }, 60_000);

  test("when the archive has its final name: the job ends with that one or with another, never with none", async () => {
    const job = await stack.client.schedule({ steps: [largeOutput], max_attempts: 1 });
    await killAtFile((name) => name.startsWith(job) && name.endsWith(".zip"));
    await endsWell(job, 1);
  }, 60_000);

  test("between the end and the kill, which the engine does late: the job has ended, and the next one removes its container", async () => {
    const held = way.hold(engineCalls.kill);
    const job = await stack.client.schedule({ steps: [largeOutput], max_attempts: 1 });
    const ended = await stack.client.ended(job);
    await held.reached();
    await killed();
    expect(await stack.running()).toHaveLength(1);
    way.releaseAll();
    await endsWell(job, 1);
    expect(await stack.client.status(job)).toEqual(ended);
  }, 60_000);
});
