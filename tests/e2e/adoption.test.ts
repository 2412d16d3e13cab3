import { performance } from "node:perf_hooks";
import Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answer,
  type Behaviour,
  startModelServer,
  wire,
} from "../../apps/worker/src/models/testing/model-server.ts";
import { startStack, type Stack } from "../support/stack.ts";

const docker = new Dockerode();
const within = { timeout: 45_000, interval: 100 };

/** A Step that prints so many numbered lines and then leaves a mark in a file. */
const count = (from: number, to: number, pauseSeconds: number) => ({
  kind: "shell" as const,
  command: `for i in $(seq ${String(from)} ${String(to)}); do echo line $i; sleep ${String(pauseSeconds)}; done; echo ran >> /workspace/marks`,
});
const numbered = (to: number) => Array.from({ length: to }, (_, index) => `line ${String(index + 1)}`);

let stack: Stack;

async function containerOf(jobId: string): Promise<string | null> {
  const found = await docker.listContainers({ all: true, filters: { name: [jobId] } });
  return found[0]?.Id ?? null;
}
const printed = async (jobId: string) => (await stack.client.printed(jobId)).split("\n").slice(0, -1);
const hasPrinted = (jobId: string, lines: number) =>
  expect.poll(async () => (await printed(jobId)).length, within).toBeGreaterThanOrEqual(lines);
const systemLines = async (jobId: string) =>
  (await stack.client.lines(jobId)).filter(({ stream }) => stream === "system").map(({ text }) => text);
const replaceWorker = async () => {
  await stack.worker().end("SIGKILL");
  await stack.startWorker();
};

beforeAll(async () => {
  stack = await startStack({ backend: "redis", env: { LEASE_SECONDS: "4" } });
});
afterAll(async () => {
  await stack.stop();
});

describe("an attempt whose worker was killed (fault 1)", () => {
  test("goes on in its container under the next worker: no line lost or doubled, no step run twice", async () => {
    const job = await stack.client.schedule({ steps: [count(1, 30, 0.4), count(31, 50, 0.1)] });
    await hasPrinted(job, 5);
    const container = await containerOf(job);
    const killedAt = performance.now();
    const before = (await printed(job)).length;
    await replaceWorker();
    await hasPrinted(job, before + 1);
    process.stdout.write(`its lines went on after ${String(Math.round(performance.now() - killedAt))} ms\n`);
    expect(await containerOf(job)).toBe(container);
    expect(await stack.client.ended(job)).toMatchObject({ status: "succeeded", attempt: 1 });
    expect(await printed(job)).toEqual(numbered(50));
    expect(await systemLines(job)).toContain(
      "the worker of this attempt is gone: another one goes on with the same sandbox",
    );
    const { zip } = await stack.client.download(job);
    expect(zip.text("outputs/marks")).toBe("ran\nran\n");
    await expect.poll(() => stack.containers(), within).toEqual([]);
  }, 90_000);

  test("survives two workers, one after the other, from the middle of a flood on", async () => {
    const flood =
      "for i in $(seq 1 60000); do echo line $i; done; until [ -e go ]; do sleep 0.1; done; echo ran >> marks";
    const job = await stack.client.schedule({ steps: [{ kind: "shell", command: flood }] });
    for (let death = 0; death < 2; death += 1) {
      await hasPrinted(job, 1);
      const epoch = async () =>
        (await docker.listContainers({ filters: { name: [job] } }))[0]?.Names[0] ?? "";
      await replaceWorker();
      await expect.poll(epoch, within).toContain(`-e${String(death + 1)}`);
    }
    await stack.goOn(job);
    const ended = await stack.client.ended(job, 90_000);
    expect({ ...ended, said: await systemLines(job) }).toMatchObject({ status: "succeeded", attempt: 1 });
    const lines = await stack.client.lines(job);
    const texts = lines.filter(({ stream }) => stream === "stdout").map(({ text }) => text);
    expect(texts.length).toBe(60_000);
    expect(texts.every((text, index) => text === `line ${String(index + 1)}`)).toBe(true);
  }, 240_000);

  test("is cancelled by the next worker where that was asked for meanwhile, with the receipt in its log", async () => {
    const job = await stack.client.schedule({ steps: [{ kind: "shell", command: "echo up; sleep 600" }] });
    await hasPrinted(job, 1);
    await stack.worker().end("SIGKILL");
    const answer = await stack.client.request(`/cancel/${job}`, { method: "POST" });
    expect(await answer.json()).toMatchObject({ cancelled: true, status: "running" });
    await stack.startWorker();
    expect(await stack.client.ended(job)).toMatchObject({ status: "cancelled", attempt: 1 });
    await expect.poll(() => containerOf(job), within).toBeNull();
    expect(await systemLines(job)).toEqual([
      "the worker of this attempt is gone: another one goes on with the same sandbox",
      expect.stringMatching(/^cancel: requested at \d{4}-/),
      "cancel: delivered to the worker, which kills what runs",
      "cancel: the container is gone",
    ]);
  }, 60_000);

  test("runs over its time under nobody, and ends as timeout under the next worker", async () => {
    const job = await stack.client.schedule({
      limits: { timeout_seconds: 5 },
      steps: [{ kind: "shell", command: "echo up; sleep 600" }],
    });
    await hasPrinted(job, 1);
    await replaceWorker();
    const ended = await stack.client.ended(job);
    expect(ended).toMatchObject({ status: "failed", attempt: 1, failure: { code: "timeout", step: 1 } });
    await expect.poll(() => containerOf(job), within).toBeNull();
  }, 60_000);

  test("becomes a new attempt where its container is gone too, and the log says so", async () => {
    const job = await stack.client.schedule({ steps: [count(1, 3, 1)] });
    await hasPrinted(job, 1);
    await stack.worker().end("SIGKILL");
    await stack.disturb(job, "kill");
    await stack.startWorker();
    expect(await stack.client.ended(job)).toMatchObject({ status: "succeeded", attempt: 2 });
    expect((await systemLines(job))[0]).toMatch(/^the worker that ran this attempt is gone, and its sandbox/);
  }, 60_000);
});

describe("an attempt whose worker is frozen longer than its lease (fault 4)", () => {
  test("goes on under another; the frozen one, when it goes on, touches nothing", async () => {
    const other = await stack.addWorker();
    const job = await stack.client.schedule({ steps: [count(1, 40, 0.4)] });
    await hasPrinted(job, 3);
    const running = async () => {
      const rows = await stack.database.sql<{ leaseOwner: string }[]>`
        SELECT lease_owner FROM jobs WHERE id = ${job}::uuid`;
      return rows[0]?.leaseOwner;
    };
    const idOf = (worker: { readonly log: readonly Readonly<Record<string, unknown>>[] }) =>
      worker.log.find((line) => line["msg"] === "the worker takes jobs")?.["id"];
    const [owner, next] =
      (await running()) === idOf(other) ? [other, stack.worker()] : [stack.worker(), other];
    owner.send("SIGSTOP");
    await expect.poll(running, within).toBe(idOf(next));
    owner.send("SIGCONT");
    expect(await stack.client.ended(job, 80_000)).toMatchObject({ status: "succeeded", attempt: 1 });
    expect(await printed(job)).toEqual(numbered(40));
    await expect.poll(() => stack.containers(), within).toEqual([]);
  }, 120_000);
});

describe("a model request that is under way when the worker dies", () => {
  test("is asked again by the next worker, with what the failed step had printed", async () => {
    const planned = (command: string) =>
      answer(200, wire.primary(JSON.stringify({ steps: [{ kind: "shell", command }] })));
    const hangs: Behaviour = () => undefined;
    await using models = await startModelServer(
      planned("echo the widget jammed >&2; exit 3"),
      hangs,
      planned("echo mended"),
    );
    const env = {
      LEASE_SECONDS: "4",
      PRIMARY_BASE_URL: `${models.url}/v1`,
      PRIMARY_MODEL: "m",
      PRIMARY_API_KEY: "k",
    };
    const planning = await startStack({ backend: "postgres", env });
    try {
      const job = await planning.client.schedule({ prompt: "Count the widgets.", max_turns: 2 });
      await expect.poll(() => models.requests.length, within).toBe(2);
      await planning.worker().end("SIGKILL");
      await planning.startWorker();
      const ended = await planning.client.ended(job);
      expect(ended).toMatchObject({ status: "succeeded", attempt: 1, plan: { turns: 2 } });
      expect(models.requests).toHaveLength(3);
      expect(models.requests[2]?.body).toContain("the widget jammed");
      expect(await planning.client.printed(job)).toBe("the widget jammed\nmended\n");
    } finally {
      await planning.stop();
    }
  }, 90_000);
});
