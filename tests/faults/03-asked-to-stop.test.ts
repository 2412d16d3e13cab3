// Row 3 of the faults: a worker that gets SIGTERM while jobs run, in each of its stop modes.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceProcess } from "../support/service-process.ts";
import { type Stack, startStack } from "../support/stack.ts";

const exitedWell = { code: 0, signal: null };
const soon = { timeout: 20_000, interval: 100 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ backend: "postgres" });
});
afterAll(() => stack.stop());

/** Replaces the worker by one with this stop mode. */
async function workerThat(STOP_MODE: string, STOP_GRACE_SECONDS = "0"): Promise<ServiceProcess> {
  const worker = await stack.addWorker({ STOP_MODE, STOP_GRACE_SECONDS });
  await stack.worker().end("SIGTERM");
  return worker;
}

/** A Job that counts so far, every half a second, or until it is let go on. */
async function running(most: number): Promise<string> {
  const count = `for i in $(seq ${String(most)}); do echo $i; [ -e go ] && break; sleep 0.5; done`;
  const command = `echo started; ${count}; echo finished`;
  const id = await stack.client.schedule({ steps: [{ kind: "shell", command }] });
  for await (const { event } of stack.client.events(id)) if (event === "log") return id;
  throw new Error("the job printed nothing");
}

const printed = async (id: string) => (await stack.client.printed(id)).split("\n");

/** Its numbers come under another worker; then it is let go on. */
async function goesOn(id: string): Promise<void> {
  const before = (await printed(id)).length;
  await stack.startWorker();
  await expect.poll(async () => (await printed(id)).length, soon).toBeGreaterThan(before);
  await stack.goOn(id);
}

async function expectWholeLog(id: string): Promise<void> {
  const lines = await printed(id);
  const counted = Array.from({ length: lines.length - 3 }, (_, index) => String(index + 1));
  expect(lines).toEqual(["started", ...counted, "finished", ""]);
}

const workersState = async () => {
  const response = await stack.client.request("/ready");
  // safety: the contract's own tests hold /ready against its schema.
  const { components } = (await response.json()) as { components: { workers: { state: string } } };
  return [response.status, components.workers.state];
};

describe("row 3: a worker that is asked to stop", () => {
  test("hand-over: exits 0 with the container running, and another worker goes on in it", async () => {
    const leaving = await workerThat("hand-over");
    const id = await running(240);
    const container = await stack.containers();
    expect(container).toHaveLength(1);
    const startedAt = performance.now();
    expect(await leaving.end("SIGTERM")).toEqual(exitedWell);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await stack.containers()).toHaveLength(1);
    await goesOn(id);
    expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
    await expectWholeLog(id);
  }, 90_000);

  test("requeue: removes the container, exits 0, and the job begins anew", async () => {
    const leaving = await workerThat("requeue");
    const id = await running(10);
    expect(await leaving.end("SIGTERM")).toEqual(exitedWell);
    expect(await stack.containers()).toEqual([]);
    expect(await stack.client.status(id)).toMatchObject({ status: "queued", attempt: 2 });
    await stack.startWorker();
    expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded", attempt: 2 });
  }, 90_000);

  test("drain: takes no more, says so in /ready, ends what runs, and exits 0", async () => {
    const leaving = await workerThat("drain");
    const id = await running(240);
    const ended = leaving.end("SIGTERM");
    await expect.poll(workersState, soon).toEqual([503, "away"]);
    const late = await stack.client.schedule({ steps: [{ kind: "shell", command: "echo late" }] });
    await stack.goOn(id);
    expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
    expect(await ended).toEqual(exitedWell);
    expect(await stack.client.status(late)).toMatchObject({ status: "queued", attempt: 1 });
    await stack.startWorker();
    expect(await stack.client.ended(late)).toMatchObject({ status: "succeeded", attempt: 1 });
  }, 90_000);

  test("drain, asked once more: is a hand-over", async () => {
    const leaving = await workerThat("drain");
    const id = await running(240);
    leaving.send("SIGTERM");
    await leaving.logged(({ msg }) => String(msg).startsWith("draining"));
    expect(await leaving.end("SIGTERM")).toEqual(exitedWell);
    expect(await stack.client.status(id)).toMatchObject({ status: "running", attempt: 1 });
    expect(await stack.containers()).toHaveLength(1);
    await goesOn(id);
    expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
    await expectWholeLog(id);
  }, 90_000);
});
