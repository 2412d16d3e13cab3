import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { adoptionTests, handleOfBeforeTests } from "./sandbox-adoption.testsuite.ts";
import { runSteps, sendSteps, untilFramesEnd, untilStepStarted } from "./run-steps.testkit.ts";
import { outputTests } from "./sandbox-outputs.testsuite.ts";
import {
  endAndRemove,
  limits,
  newSpec,
  soon,
  started,
  type ProviderUnderTest,
  type Suite,
} from "./sandbox-under-test.testkit.ts";

/** What every SandboxProvider must do, tried on real Sandboxes. */
export function sandboxProviderTestsuite(name: string, make: () => Promise<ProviderUnderTest>): void {
  describe(`${name} as a SandboxProvider`, { timeout: 60_000 }, () => {
    let under: ProviderUnderTest;
    const suite = { provider: () => under.provider, under: () => under };

    beforeAll(async () => void (under = await make()));
    beforeEach(() => under.ready?.());
    afterAll(() => under.release());
    afterEach(async () => {
      const left = await under.provider.list(soon());
      await Promise.all(left.map((each) => under.provider.removeListed(each)));
      expect(left).toEqual([]);
    });

    startTests(suite);
    aliveTests(suite);
    useTests(suite);
    endTests(suite);
    outputTests(suite);
    adoptionTests(suite);
    handleOfBeforeTests(suite);
  });
}

function startTests({ provider, under }: Suite): void {
  it("answers a ping", async () => {
    await provider().ping(soon());
  });

  it("says which engine it is on, the same each time", async () => {
    const id = await provider().engineId(soon());
    expect(id).not.toBe("");
    expect(await provider().engineId(soon())).toBe(id);
  });

  it("starts a Sandbox whose agent runs Steps and says when they are done", async () => {
    const sandbox = await started(provider());
    const run = await runSteps(sandbox, ["echo one; exit 3", "pwd; id -u"]);
    expect(run).toMatchObject({ done: true, exitCodes: [3, 0] });
    expect(run.text).toMatch(/^one\n\/workspace\n2\d{4}$/u);
    expect(sandbox.breach()).toBeNull();
    await endAndRemove(sandbox);
  });

  it("lists what runs by Job and Attempt, and removes what it has listed, once and again", async () => {
    const spec = newSpec();
    const sandbox = await started(provider(), spec);
    const [record, ...others] = await provider().list(soon());
    expect(record).toMatchObject({ ref: sandbox.ref, jobId: spec.jobId, attempt: 1, running: true });
    expect(record?.epoch).toBe(0);
    expect(Math.abs(Date.now() - Number(record?.createdAt))).toBeLessThan(60_000);
    expect(others).toEqual([]);
    for (let times = 0; times < 2; times += 1) await provider().removeListed({ name: record?.name ?? "" });
    await untilFramesEnd(sandbox);
  });

  it("has one Sandbox an Attempt: of two starts one fails and the other goes on", async () => {
    const spec = newSpec();
    const results = await Promise.all([provider().start(spec, soon()), provider().start(spec, soon())]);
    const [sandbox] = results.flatMap((result) => (result.ok ? [result.value] : []));
    expect(results.filter((result) => !result.ok)).toMatchObject([
      { failure: { code: "sandbox_start_failed" } },
    ]);
    if (sandbox === undefined) throw new Error("Neither of them started.");
    const third = await provider().start(spec, soon());
    expect(third).toMatchObject({ ok: false, failure: { message: expect.stringContaining("already") } });
    expect(await runSteps(sandbox, ["true"])).toMatchObject({ exitCodes: [0] });
    await endAndRemove(sandbox);
  });

  it("removes what an earlier Attempt left, and starts none before a later one", async () => {
    const spec = newSpec();
    const first = await started(provider(), spec);
    const second = await started(provider(), { ...spec, attempt: 2 });
    await untilFramesEnd(first);
    expect(await provider().list(soon())).toMatchObject([{ ref: second.ref, attempt: 2 }]);
    expect(await provider().start(spec, soon())).toMatchObject({ ok: false });
    await endAndRemove(second);
  });

  it("names the image that is missing", async () => {
    const { withoutImage } = under();
    const result = await withoutImage.provider.start(newSpec(), soon());
    const message: unknown = expect.stringContaining(withoutImage.image);
    expect(result).toMatchObject({ ok: false, failure: { code: "sandbox_start_failed", message } });
  });

  it.each([0, 5, 12, 20, 60, 120, 200])(
    "leaves nothing of a start that is aborted after %i ms",
    async (afterMs) => {
      const reason = new Error("cancelled");
      const stop = new AbortController();
      setTimeout(() => stop.abort(reason), afterMs);
      // A start that is faster than the abort is no failure.
      const result = await provider()
        .start(newSpec(), stop.signal)
        .catch((error: unknown) => error);
      if (result !== reason) {
        expect(result).toMatchObject({ ok: true });
        const left = await provider().list(soon());
        await Promise.all(left.map((each) => provider().removeListed(each)));
      }
    },
  );
}

function aliveTests({ provider, under }: Suite): void {
  it("is running until it was paused or stopped from outside, or removed", async () => {
    const paused = await started(provider());
    const killed = await started(provider());
    expect(await Promise.all([paused.alive(soon()), killed.alive(soon())])).toEqual(["running", "running"]);
    await under().pauseFromOutside(paused.ref);
    await under().killFromOutside(killed.ref);
    await untilFramesEnd(killed);
    await vi.waitFor(async () =>
      expect(await Promise.all([paused.alive(soon()), killed.alive(soon())])).toEqual(["gone", "gone"]),
    );
    await Promise.all([endAndRemove(paused), endAndRemove(killed)]);
    expect(await killed.alive(soon())).toBe("gone");
  });

  it("is neither running nor gone for who asks no longer", async () => {
    const sandbox = await started(provider());
    expect(await sandbox.alive(AbortSignal.abort())).toBe("unknown");
    await endAndRemove(sandbox);
  });
}

function useTests({ provider }: Suite): void {
  it("says what it uses while it runs: memory that grows and goes, time that grows", async () => {
    const sandbox = await started(provider());
    const idle = await sandbox.use(soon());
    const takes = "import time; held = bytearray(b'x') * 80_000_000; time.sleep(600)";
    await sendSteps(sandbox, [`timeout 600 python3 -c "${takes}"`]);
    await untilStepStarted(sandbox);
    await vi.waitFor(
      async () => {
        const use = await sandbox.use(soon());
        expect(use?.memoryBytes).toBeGreaterThan((idle?.memoryBytes ?? 0) + 75_000_000);
        expect(use?.cpuMs).toBeGreaterThan(idle?.cpuMs ?? Number.POSITIVE_INFINITY);
      },
      { timeout: 20_000, interval: 200 },
    );
    await endAndRemove(sandbox);
    expect(await sandbox.use(soon())).toBeNull();
  });
}

function endTests({ provider, under }: Suite): void {
  it("stops the Steps when it is told to cancel", async () => {
    const sandbox = await started(provider());
    await sendSteps(sandbox, ["sleep 600 & setsid sleep 600 & wait"]);
    await untilStepStarted(sandbox);
    await sandbox.send({ type: "cancel" });
    const said: string[] = [];
    for await (const frame of sandbox.frames) {
      said.push(frame.type);
      if (frame.type === "stopped") break;
    }
    expect(said.at(-1)).toBe("stopped");
    await endAndRemove(sandbox);
  });

  it("ends while a flood runs that nobody reads or acknowledges", async () => {
    const sandbox = await started(provider());
    await sendSteps(sandbox, ["yes 'a line of the flood'"]);
    await untilStepStarted(sandbox);
    const began = performance.now();
    await sandbox.end();
    expect(performance.now() - began).toBeLessThan(5_000);
    await untilFramesEnd(sandbox);
    expect(sandbox.breach()).toBeNull();
    await sandbox.remove();
  });

  it("ends in time with every process of its bound busy at a tenth of a CPU", async () => {
    const sandbox = await started(provider(), { ...newSpec(), limits: { ...limits, cpus: 0.1 } });
    await sendSteps(sandbox, ["for i in $(seq 60); do (while :; do :; done) & done; wait"]);
    await untilStepStarted(sandbox);
    const began = performance.now();
    await endAndRemove(sandbox);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("ends and is removed as often as it is asked, with the same answer", async () => {
    const sandbox = await started(provider());
    const [first, second] = await Promise.all([sandbox.end(), sandbox.end()]);
    expect(second).toEqual(first);
    expect(await sandbox.end()).toEqual(first);
    await Promise.all([sandbox.remove(), sandbox.remove()]);
    await sandbox.remove();
    await expect(sandbox.send({ type: "cancel" })).rejects.toThrow("gone");
  });

  it("says that a process was killed for memory, also where the Step went on", async () => {
    const sandbox = await started(provider());
    const eater = "python3 -c 'x = bytearray(700 * 2**20)'";
    const run = await runSteps(sandbox, [`${eater} || true`]);
    expect(run.exitCodes).toEqual([0]);
    expect(run.events.at(-1)).toMatchObject({ type: "step_finished", oom_kills: 1 });
    expect(await sandbox.end()).toMatchObject({ oomKilled: true });
    await sandbox.remove();
  });

  it("ends the frames, and calls that no breach, when it is killed from outside", async () => {
    const sandbox = await started(provider());
    await sendSteps(sandbox, ["sleep 600"]);
    await untilStepStarted(sandbox);
    await under().killFromOutside(sandbox.ref);
    await untilFramesEnd(sandbox);
    expect(sandbox.breach()).toBeNull();
    expect(await provider().list(soon())).toMatchObject([{ ref: sandbox.ref, running: false }]);
    expect(await sandbox.end()).toMatchObject({ exitCode: 137, oomKilled: false });
    await sandbox.remove();
  });
}
