import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { adopted, adoptionOf } from "../sandbox-adoption.testsuite.ts";
import { sendSteps, untilStepStarted } from "../run-steps.testkit.ts";
import type { SandboxSpec } from "../sandbox-provider.ts";
import { endAndRemove, limits, newSpec, outputsOf, soon, started } from "../sandbox-under-test.testkit.ts";
import type { WarmEvent } from "../warm-event.ts";
import { createDockerProvider, type DockerProvider } from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";
import { engineCalls, openEngineWay, type EngineWay, type HeldCall } from "./engine-way.testkit.ts";

const engineBounds = { quickMs: 1_000, slowMs: 4_000, repeatMs: 3_000 };
/** What a call may take that waits for all of its bounds, on a busy machine. */
const bounded = 20_000;
const agentEndsItselfMs = 4_000;

/** Fault matrix row 11. The bounds are short, and the engine that hangs is a real one. */
describe("with an engine that hangs (matrix row 11), the Docker provider", { timeout: 60_000 }, () => {
  let way: EngineWay;
  let provider: DockerProvider;
  /** The same installation over a way that does not hang. */
  let beside: DockerProvider;
  /** The same over the way, with the shortest time after which an agent must have ended itself. */
  let impatient: DockerProvider;
  let held: HeldCall | null = null;

  beforeAll(async () => {
    way = await openEngineWay();
    const deps = await dockerDeps(new Docker());
    beside = createDockerProvider(deps);
    provider = createDockerProvider({ ...deps, docker: way.docker, engineBounds, engineWaitMs: 2_000 });
    impatient = createDockerProvider({ ...deps, docker: way.docker, engineBounds, agentEndsItselfMs });
  });

  afterEach(async () => {
    held?.release();
    expect(await beside.list(soon())).toEqual([]);
  });

  afterAll(async () => {
    await removeLeftovers();
    await way.close();
  });

  function hold(call: keyof typeof engineCalls): HeldCall {
    held = way.hold(engineCalls[call]);
    return held;
  }

  /** How long it took, in ms. */
  async function timed(work: () => Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work();
    return performance.now() - began;
  }

  /** What a sweep does with what a start could not remove. */
  async function sweep(): Promise<void> {
    await vi.waitFor(
      async () => {
        const left = await beside.list(soon());
        await Promise.all(left.map((each) => beside.removeListed(each)));
        expect(left).toEqual([]);
      },
      { timeout: 10_000 },
    );
  }

  async function running(): Promise<{ spec: SandboxSpec; sandbox: Awaited<ReturnType<typeof started>> }> {
    const spec = newSpec();
    const sandbox = await started(provider, spec);
    await sendSteps(sandbox, ["sleep 600"]);
    await untilStepStarted(sandbox);
    return { spec, sandbox };
  }

  it.each(["list", "attach", "start"] as const)(
    "fails to start in time where it hangs on %s, and leaves nothing once it goes on",
    async (call) => {
      const { reached, release } = hold(call);
      const took = await timed(async () => {
        const result = await provider.start(newSpec(), soon());
        expect(result).toMatchObject({ ok: false, failure: { code: "sandbox_start_failed" } });
      });
      expect(took).toBeLessThan(bounded);
      await reached();
      release();
      await vi.waitFor(async () => expect(await beside.list(soon())).toEqual([]), { timeout: 10_000 });
    },
  );

  it("fails to start in time where it hangs on create, and undoes the create that comes late", async () => {
    const { release } = hold("create");
    const took = await timed(async () =>
      expect(await provider.start(newSpec(), soon())).toMatchObject({ ok: false }),
    );
    expect(took).toBeLessThan(bounded);
    const removing = way.hold(engineCalls.remove);
    release();
    await removing.reached();
    expect(await beside.list(soon())).toMatchObject([{ running: false }]);
    removing.release();
    await vi.waitFor(async () => expect(await beside.list(soon())).toEqual([]), { timeout: 10_000 });
  });

  it("fails to start in time where it hangs on inspect, and leaves what it cannot end to the sweep", async () => {
    const { release } = hold("inspect");
    const took = await timed(async () =>
      expect(await provider.start(newSpec(), soon())).toMatchObject({ ok: false }),
    );
    expect(took).toBeLessThan(bounded);
    release();
    await sweep();
  });

  it.each(["create", "start", "inspect"] as const)(
    "gives up a start at its signal, whatever it hangs on: %s",
    async (call) => {
      const { reached, release } = hold(call);
      const stop = new AbortController();
      const starting = provider.start(newSpec(), stop.signal);
      starting.catch(() => undefined);
      await reached();
      const took = await timed(async () => {
        stop.abort(new Error("stopped"));
        await expect(starting).rejects.toThrow("stopped");
      });
      expect(took).toBeLessThan(bounded);
      // A create that comes late is undone when it comes.
      const removing = call === "create" ? way.hold(engineCalls.remove) : null;
      release();
      await removing?.reached();
      removing?.release();
      await sweep();
    },
  );

  it.each(["inspect", "kill", "remove"] as const)(
    "fails to end or remove in time where it hangs on %s, and does both once it goes on",
    async (call) => {
      const { sandbox } = await running();
      const { reached, release } = hold(call);
      const took = await timed(() => expect(endAndRemove(sandbox)).rejects.toThrow("did not answer"));
      expect(took).toBeLessThan(bounded);
      await reached();
      release();
      expect(await sandbox.end()).toMatchObject({ oomKilled: false });
      await sandbox.remove();
    },
  );

  it("says in time that it does not know what a Sandbox uses, at once to who asks no longer, and what that is once it goes on", async () => {
    const { sandbox } = await running();
    const { reached, release } = hold("stats");
    expect(await timed(async () => expect(await sandbox.use(soon())).toBeNull())).toBeLessThan(bounded);
    await reached();
    const stop = new AbortController();
    const asking = sandbox.use(stop.signal);
    stop.abort();
    expect(await asking).toBeNull();
    release();
    await vi.waitFor(async () => expect(await sandbox.use(soon())).not.toBeNull());
    await endAndRemove(sandbox);
  });

  it.each(["exec", "execStart"] as const)(
    "fails to give outputs in time where it hangs on %s, and ends the Sandbox all the same",
    async (call) => {
      const { sandbox } = await running();
      hold(call);
      const reading = async (): Promise<void> => {
        for await (const piece of outputsOf(sandbox).tar) expect(piece).toBeNull();
      };
      const took = await timed(() => expect(reading()).rejects.toThrow("did not answer exec"));
      expect(took).toBeLessThan(bounded);
      expect(await sandbox.end()).toMatchObject({ exitCode: 137 });
      await sandbox.remove();
    },
  );

  it.each(["list", "inspect", "rename", "exec", "execStart"] as const)(
    "fails to adopt in time where it hangs on %s, and says nothing of the Sandbox, which the next owner gets",
    async (call) => {
      const { spec, sandbox } = await running();
      const { reached, release } = hold(call);
      const took = await timed(() =>
        expect(provider.adopt(adoptionOf(spec), soon())).rejects.toThrow("did not answer"),
      );
      expect(took).toBeLessThan(bounded);
      await reached();
      release();
      const next = await adopted(beside, adoptionOf(spec, { epoch: 2 }));
      expect(next.ref).toBe(sandbox.ref);
      await endAndRemove(next);
    },
  );

  it(
    "that answers for all containers but one, for ever, leaves that one to the sweep once its agent must have ended itself, " +
      "and not before, and starts the next Attempt",
    async () => {
      const spec = newSpec();
      const sandbox = await started(impatient, spec);
      const own = `(${sandbox.ref}|longshore-${spec.jobId}-a1)`;
      const inspecting = way.hold(new RegExp(`^GET \\S*/containers/${own}/json`, "u"));
      expect(await impatient.life(spec, soon())).toBe("unknown");
      const from = performance.now();
      await expect(sandbox.end()).rejects.toThrow("did not answer inspect");
      expect(await sandbox.end()).toEqual({ exitCode: null, oomKilled: false, seen: false });
      expect(performance.now() - from).toBeGreaterThan(agentEndsItselfMs);
      await sandbox.remove();
      const next = await started(impatient, { ...spec, attempt: 2 });
      expect(await impatient.life({ ...spec, attempt: 2 }, soon())).toBe("running");
      await endAndRemove(next);
      expect(await beside.list(soon())).toMatchObject([{ ref: sandbox.ref, running: true }]);
      inspecting.release();
      await sweep();
      expect(await impatient.life(spec, soon())).toBe("gone");
    },
  );

  it("does not say of a Sandbox that it is gone where it hangs on inspect", async () => {
    const { sandbox } = await running();
    const { release } = hold("inspect");
    expect(await sandbox.alive(soon())).toBe("unknown");
    release();
    expect(await sandbox.alive(soon())).toBe("running");
    await endAndRemove(sandbox);
  });

  it("asks of one warm Sandbox alone when it hangs on the look at it, and then starts one", async () => {
    const events: WarmEvent[] = [];
    const count = (event: WarmEvent): void => void events.push(event);
    const deps = await dockerDeps(way.docker);
    const warm = createDockerProvider({ ...deps, engineBounds, warm: { size: 2, limits, count } });
    await vi.waitFor(() => expect(warm.warmReady()).toBe(2), { timeout: bounded });
    hold("inspect");
    expect(await warm.start(newSpec(), soon())).toMatchObject({ ok: false });
    expect(events).toEqual(["made", "made", "unfit", "missed"]);
    held?.release();
    await warm.stop();
    await sweep();
  });
});
