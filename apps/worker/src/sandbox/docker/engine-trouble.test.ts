import { newJobId } from "@longshore/shared/domain/job-id";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sendSteps, untilFramesEnd, untilStepStarted } from "../run-steps.testkit.ts";
import type { Sandbox, SandboxProvider } from "../sandbox-provider.ts";
import { createDockerProvider } from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";
import { openEngineWay, type EngineWay } from "./engine-way.testkit.ts";

const limits = { cpus: 1, memory_mb: 128, pids: 64, disk_mb: 32 };
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

describe("with an engine in trouble (fault 11), the Docker provider", { timeout: 60_000 }, () => {
  let way: EngineWay;
  let provider: SandboxProvider;

  beforeAll(async () => {
    way = await openEngineWay();
    provider = createDockerProvider(await dockerDeps(way.docker));
  });

  afterAll(async () => {
    way.set("open");
    await removeLeftovers();
    await way.close();
  });

  async function started(): Promise<Sandbox> {
    const result = await provider.start({ jobId: newJobId(), attempt: 1, limits }, soon());
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  }

  it("ends the frames when the engine goes away, and ends the Sandbox once it is back", async () => {
    const sandbox = await started();
    await sendSteps(sandbox, ["sleep 600"]);
    await untilStepStarted(sandbox);
    way.set("cut");
    await untilFramesEnd(sandbox);
    expect(sandbox.breach()).toBeNull();
    const ending = sandbox.end();
    setTimeout(() => way.set("open"), 1_500);
    expect(await ending).toMatchObject({ exitCode: 137 });
    await sandbox.remove();
    expect(await provider.list(soon())).toEqual([]);
  });

  it("waits for an engine that cannot be reached, and starts the Sandbox once it is back", async () => {
    way.set("cut");
    const starting = started();
    setTimeout(() => way.set("open"), 1_500);
    const sandbox = await starting;
    expect(await provider.list(soon())).toMatchObject([{ ref: sandbox.ref }]);
    await sandbox.end();
    await sandbox.remove();
  });

  it.each([30, 150, 300, 450])(
    "starts one Sandbox where the engine goes away for a while after %i ms",
    async (afterMs) => {
      const cut = setTimeout(() => way.set("cut"), afterMs);
      const back = setTimeout(() => way.set("open"), afterMs + 700);
      const sandbox = await started();
      clearTimeout(cut);
      clearTimeout(back);
      way.set("open");
      expect(await provider.list(soon())).toMatchObject([{ ref: sandbox.ref }]);
      await sandbox.end();
      await sandbox.remove();
    },
  );

  it("starts one Sandbox where the engine made a container and its answer was lost", async () => {
    way.cutAtAnswerTo("/containers/create?");
    const starting = started();
    await vi.waitFor(() => expect(way.isCut()).toBe(true), { timeout: 10_000 });
    way.set("open");
    const sandbox = await starting;
    expect(await provider.list(soon())).toMatchObject([{ ref: sandbox.ref }]);
    await sandbox.end();
    await sandbox.remove();
  });

  it("starts another Sandbox where a warm one got its name and the answer was lost", async () => {
    const warm = createDockerProvider({ ...(await dockerDeps(way.docker)), warm: { size: 1, limits } });
    await vi.waitFor(() => expect(warm.warmReady()).toBe(1), { timeout: 20_000 });
    way.cutAtAnswerTo("/rename?");
    const spec = { jobId: newJobId(), attempt: 1, limits };
    const starting = warm.start(spec, soon());
    await vi.waitFor(() => expect(way.isCut()).toBe(true), { timeout: 10_000 });
    way.set("open");
    const result = await starting;
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.warm).toBe(false);
    await warm.stop();
    expect(await warm.list(soon())).toMatchObject([{ ref: result.value.ref, jobId: spec.jobId }]);
    await result.value.end();
    await result.value.remove();
  });

  it("gives up a hand-over at once when it is cancelled while the engine is away", async () => {
    const warm = createDockerProvider({ ...(await dockerDeps(way.docker)), warm: { size: 1, limits } });
    await vi.waitFor(() => expect(warm.warmReady()).toBe(1), { timeout: 20_000 });
    way.cutAtAnswerTo("/rename?");
    const cancel = new AbortController();
    const starting = warm.start({ jobId: newJobId(), attempt: 1, limits }, cancel.signal);
    await vi.waitFor(() => expect(way.isCut()).toBe(true), { timeout: 10_000 });
    const began = performance.now();
    cancel.abort(new Error("cancelled"));
    await expect(starting).rejects.toThrow("cancelled");
    expect(performance.now() - began).toBeLessThan(1_000);
    way.set("open");
    await warm.stop();
    await vi.waitFor(
      async () => {
        const left = await warm.list(soon());
        // What an unanswered create left never starts, and is for the sweep.
        await Promise.all(left.filter(({ running }) => !running).map((each) => warm.removeListed(each)));
        expect(left).toEqual([]);
      },
      { timeout: 10_000 },
    );
  });

  it("waits no longer for an engine that cannot be reached when the start is cancelled", async () => {
    way.set("cut");
    const began = performance.now();
    const starting = provider.start({ jobId: newJobId(), attempt: 1, limits }, AbortSignal.timeout(500));
    await expect(starting).rejects.toThrow("timeout");
    expect(performance.now() - began).toBeLessThan(2_000);
    way.set("open");
  });

  it("does not say of a Sandbox that it is gone while the engine does not answer", async () => {
    const sandbox = await started();
    expect(await sandbox.alive(soon())).toBe("running");
    way.set("blocked");
    const began = performance.now();
    expect(await sandbox.alive(soon())).toBe("unknown");
    expect(performance.now() - began).toBeLessThan(5_000);
    way.set("cut");
    expect(await sandbox.alive(soon())).toBe("unknown");
    way.set("open");
    expect(await sandbox.alive(soon())).toBe("running");
    await sandbox.end();
    await sandbox.remove();
  });

  it("gives up a start that is cancelled while the engine hangs, and finds later what it left", async () => {
    way.set("blocked");
    const began = performance.now();
    const cancel = AbortSignal.timeout(300);
    await expect(provider.start({ jobId: newJobId(), attempt: 1, limits }, cancel)).rejects.toThrow(
      "timeout",
    );
    expect(performance.now() - began).toBeLessThan(20_000);
    await expect(provider.ping(AbortSignal.timeout(300))).rejects.toThrow("timeout");
    way.set("cut");
    way.set("open");
    await provider.ping(soon());
    for (const each of await provider.list(soon())) await provider.removeListed(each);
    expect(await provider.list(soon())).toEqual([]);
  });
});
