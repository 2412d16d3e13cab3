import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { followSteps, runSteps, sendSteps, untilStepStarted } from "../run-steps.testkit.ts";
import { adopted, adoptionOf } from "../sandbox-adoption.testsuite.ts";
import type { Sandbox, SandboxSpec } from "../sandbox-provider.ts";
import { endAndRemove, limits, newSpec, outputsOf, soon, started } from "../sandbox-under-test.testkit.ts";
import {
  createDockerProvider,
  type DockerProvider,
  type DockerProviderDeps,
} from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";
import { engineCalls, openEngineWay, type EngineWay } from "./engine-way.testkit.ts";

/**
 * Fault matrix rows 4 and 5, at the engine: an owner that stands still at any of its calls, and goes on when a later
 * one has taken over. What it says to the engine stands still with it.
 */
describe("an owner that was frozen (matrix rows 4 and 5)", { timeout: 60_000 }, () => {
  let way: EngineWay;
  let deps: DockerProviderDeps;
  let frozen: DockerProvider;
  let later: DockerProvider;

  beforeAll(async () => {
    way = await openEngineWay();
    deps = await dockerDeps(new Docker());
    later = createDockerProvider(deps);
    frozen = createDockerProvider({ ...deps, docker: way.docker });
  });

  afterEach(async () => {
    way.set("open");
    way.releaseAll();
    expect(await later.list(soon())).toEqual([]);
  });

  afterAll(async () => {
    await removeLeftovers();
    await way.close();
  });

  async function runningWith(spec: SandboxSpec, command: string): Promise<Sandbox> {
    const sandbox = await started(frozen, spec);
    await sendSteps(sandbox, [command]);
    await untilStepStarted(sandbox);
    return sandbox;
  }

  it("keeps nobody from adopting, although it does not read under a flood; woken, it harms nothing", async () => {
    const spec = newSpec();
    const sandbox = await runningWith(spec, "seq 1 40000; until [ -e go ]; do sleep 0.05; done; echo end");
    way.set("frozen");
    const next = await adopted(later, adoptionOf(spec));
    await next.send({ type: "file", path: "go", data: "", append: false });
    const run = await followSteps(next);
    const lines = run.text.split("\n");
    expect([lines.length, lines[0], lines[39_999], lines.at(-1)]).toEqual([40_001, "1", "40000", "end"]);
    way.set("open");
    expect(await sandbox.alive(soon())).toBe("gone");
    expect(await sandbox.end()).toEqual({ exitCode: null, oomKilled: false, seen: true });
    await sandbox.remove();
    expect(await next.alive(soon())).toBe("running");
    await endAndRemove(next);
  });

  it("does not keep its Sandbox from being ended, although it does not read under an endless flood", async () => {
    const spec = newSpec();
    await runningWith(spec, "yes 'a line of the flood'");
    way.set("frozen");
    const next = await adopted(later, adoptionOf(spec));
    const began = performance.now();
    await endAndRemove(next);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each(["inspect", "kill", "remove"] as const)(
    "kills and removes nothing that is not its own, when it stood still before its %s",
    async (call) => {
      const spec = newSpec();
      const sandbox = await runningWith(spec, "until [ -e go ]; do sleep 0.05; done");
      const { reached, release } = way.hold(engineCalls[call]);
      const ending = call === "remove" ? sandbox.remove() : sandbox.end();
      await reached();
      const next = await adopted(later, adoptionOf(spec));
      release();
      await ending;
      expect(await next.alive(soon())).toBe("running");
      await next.send({ type: "file", path: "go", data: "", append: false });
      expect(await followSteps(next)).toMatchObject({ done: true, exitCodes: [0] });
      await endAndRemove(next);
    },
  );

  it.each(["create", "attach", "start"] as const)(
    "starts nothing, when it stood still before its %s and its Attempt was given up",
    async (call) => {
      const spec = newSpec();
      const { reached, release } = way.hold(engineCalls[call]);
      const starting = frozen.start(spec, soon());
      await reached();
      expect(await later.adopt(adoptionOf(spec), soon())).toMatchObject({ type: "gone" });
      expect(await later.list(soon())).toEqual([]);
      const next = await started(later, { ...spec, attempt: 2 });
      release();
      expect(await starting).toMatchObject({ ok: false, failure: { code: "sandbox_start_failed" } });
      expect(await later.list(soon())).toMatchObject([{ ref: next.ref, attempt: 2 }]);
      await endAndRemove(next);
    },
  );

  it("leaves what it has started to the later owner, when it stood still while it looked at it", async () => {
    const spec = newSpec();
    const { reached, release } = way.hold(engineCalls.inspect);
    const starting = frozen.start(spec, soon());
    await reached();
    const next = await later.adopt(adoptionOf(spec), soon());
    if (next.type !== "adopted") throw new Error(next.type);
    expect(next.running).toBe(false);
    release();
    expect(await starting).toMatchObject({ ok: false });
    expect(await runSteps(next.sandbox, ["echo one"])).toMatchObject({ done: true, text: "one" });
    await endAndRemove(next.sandbox);
  });

  it("leaves a warm Sandbox to the later owner, when it stood still while it gave it its name", async () => {
    const warm = createDockerProvider({ ...deps, docker: way.docker, warm: { size: 1, limits } });
    await expect.poll(() => warm.warmReady(), { timeout: 20_000 }).toBe(1);
    const spec = newSpec();
    const first = await warm.start(spec, soon());
    if (!first.ok) throw new Error(first.failure.message);
    expect(first.value.warm).toBe(true);
    const next = await adopted(later, adoptionOf(spec));
    expect(next.ref).toBe(first.value.ref);
    await endAndRemove(first.value);
    expect(await runSteps(next, ["echo one > file; cat file"])).toMatchObject({ text: "one" });
    const { tar, listed } = outputsOf(next);
    for await (const piece of tar) expect(piece.length).toBeGreaterThan(0);
    expect(listed).toMatchObject([{ path: Buffer.from("file") }, null]);
    await endAndRemove(next);
    await warm.stop();
  });

  it.each(["list", "inspect", "rename", "exec", "execStart"] as const)(
    "gets nothing when it stood still before its %s while it adopted, and a later one adopted",
    async (call) => {
      const spec = newSpec();
      await runningWith(spec, "until [ -e go ]; do sleep 0.05; done; echo end");
      const { reached, release } = way.hold(engineCalls[call]);
      const adopting = frozen.adopt(adoptionOf(spec, { epoch: 1 }), soon());
      await reached();
      const next = await adopted(later, adoptionOf(spec, { epoch: 2 }));
      release();
      expect(await adopting).toEqual({ type: "superseded" });
      await next.send({ type: "file", path: "go", data: "", append: false });
      expect(await followSteps(next)).toMatchObject({ done: true, text: "end" });
      await endAndRemove(next);
    },
  );
});
