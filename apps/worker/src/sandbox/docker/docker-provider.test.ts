import { randomUUID } from "node:crypto";
import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { afterAll, describe, expect, it, vi } from "vitest";
import { runSteps, untilFramesEnd } from "../run-steps.testkit.ts";
import type { Sandbox, SandboxProvider } from "../sandbox-provider.ts";
import { outputsOf } from "../sandbox-under-test.testkit.ts";
import { sandboxProviderTestsuite } from "../sandbox-provider.testsuite.ts";
import { createDockerProvider } from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";

sandboxProviderTestsuite("docker", async () => {
  const docker = new Docker();
  const deps = await dockerDeps(docker);
  const image = `longshore-agent:missing-${randomUUID()}`;
  const provider = createDockerProvider(deps);
  return {
    provider,
    withoutImage: { image, provider: createDockerProvider({ ...deps, image }) },
    killFromOutside: (ref) => docker.getContainer(ref).kill(),
    pauseFromOutside: (ref) => docker.getContainer(ref).pause(),
    release: removeLeftovers,
  };
});

const limits = { cpus: 1, memory_mb: 128, pids: 64, disk_mb: 32 };
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

describe("the Docker provider", { timeout: 60_000 }, () => {
  const docker = new Docker();
  afterAll(removeLeftovers);

  async function startedBy(provider: SandboxProvider): Promise<Sandbox> {
    const result = await provider.start({ jobId: newJobId(), attempt: 1, limits }, soon());
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  }

  async function endAndRemove(sandbox: Sandbox): Promise<void> {
    await sandbox.end();
    await sandbox.remove();
  }

  it("does not see the Sandboxes of another installation on the same engine", async () => {
    const mine = createDockerProvider(await dockerDeps(docker));
    const theirs = createDockerProvider(await dockerDeps(docker));
    const sandbox = await startedBy(mine);
    expect(await theirs.list(soon())).toEqual([]);
    expect(await mine.list(soon())).toHaveLength(1);
    await endAndRemove(sandbox);
  });

  it("tells the engine no more than ids by its labels", async () => {
    const deps = await dockerDeps(docker);
    const sandbox = await startedBy(createDockerProvider(deps));
    const { Config } = await docker.getContainer(sandbox.ref).inspect();
    const ours = Object.entries(Config.Labels).filter(([name]) => /^longshore\.(?!image)/u.test(name));
    expect(ours.map(([name]) => name).sort()).toEqual([
      "longshore.installation",
      "longshore.start",
      "longshore.worker",
    ]);
    expect(ours.every(([, value]) => /^(test-)?[0-9a-f-]{36}$/u.test(value))).toBe(true);
    await endAndRemove(sandbox);
  });

  it("takes small outputs without an exec, and large ones, or those that are to come in pieces, by one", async () => {
    const provider = createDockerProvider(await dockerDeps(docker));
    const execsOf = async (command: string, hurry?: AbortSignal): Promise<number> => {
      const sandbox = await startedBy(provider);
      await runSteps(sandbox, [command]);
      let bytes = 0;
      for await (const chunk of outputsOf(sandbox, hurry === undefined ? {} : { hurry }).tar)
        bytes += chunk.length;
      expect(bytes).toBeGreaterThan(0);
      await endAndRemove(sandbox);
      const until = Math.ceil(Date.now() / 1_000);
      const filters = { container: [sandbox.ref], event: ["exec_create"] };
      let events = "";
      for await (const piece of await docker.getEvents({ since: until - 60, until, filters }))
        events += String(piece);
      return events.split("\n").length - 1;
    };
    const small = "head -c 60000 /dev/urandom > small";
    // On a machine that is very busy the agent gives up, and that is right.
    const tries: number[] = [];
    while (tries.length < 3 && !tries.includes(0)) tries.push(await execsOf(small));
    expect(tries).toContain(0);
    expect(await execsOf(small, AbortSignal.abort())).toBe(1);
    expect(await execsOf("head -c 200000 /dev/urandom > large")).toBe(1);
  });

  it("ends what was paused from outside", async () => {
    const sandbox = await startedBy(createDockerProvider(await dockerDeps(docker)));
    await docker.getContainer(sandbox.ref).pause();
    const began = performance.now();
    expect(await sandbox.end()).toMatchObject({ exitCode: 137 });
    expect(performance.now() - began).toBeLessThan(10_000);
    await sandbox.remove();
  });

  it("ends the frames, and has no exit code, where the container was removed from outside", async () => {
    const sandbox = await startedBy(createDockerProvider(await dockerDeps(docker)));
    await docker.getContainer(sandbox.ref).remove({ force: true });
    await untilFramesEnd(sandbox);
    expect(await sandbox.end()).toEqual({ exitCode: null, oomKilled: false, seen: true });
    await sandbox.remove();
  });

  it("says what is wrong where the engine cannot be reached or does not know the runtime", async () => {
    const deps = await dockerDeps(docker);
    const away = createDockerProvider({
      ...deps,
      docker: new Docker({ socketPath: "/nowhere/docker.sock" }),
      engineWaitMs: 600,
    });
    await expect(away.ping(soon())).rejects.toThrow("ENOENT");
    const spec = { jobId: newJobId(), attempt: 1, limits };
    const message = "A Sandbox could not be started. The container engine cannot be reached.";
    const began = performance.now();
    expect(await away.start(spec, soon())).toMatchObject({ ok: false, failure: { message } });
    expect(performance.now() - began).toBeGreaterThan(200);
    const unknown: unknown = expect.stringContaining("no-such-runtime");
    const other = createDockerProvider({ ...deps, runtime: "no-such-runtime" });
    expect(await other.start(spec, soon())).toMatchObject({ ok: false, failure: { message: unknown } });
    expect(await other.list(soon())).toEqual([]);
  });

  it("hands out warm Sandboxes by the Attempt's name, makes new ones, and leaves none when it stops", async () => {
    const provider = createDockerProvider({ ...(await dockerDeps(docker)), warm: { size: 1, limits } });
    const waiting = (): Promise<void> =>
      vi.waitFor(() => expect(provider.warmReady()).toBe(1), { timeout: 20_000 });
    await waiting();
    expect(await provider.list(soon())).toMatchObject([{ jobId: null, attempt: null, running: true }]);
    const spec = { jobId: newJobId(), attempt: 3, limits };
    const first = await provider.start(spec, soon());
    if (!first.ok) throw new Error(first.failure.message);
    expect(first.value.warm).toBe(true);
    expect(await provider.list(soon())).toContainEqual(
      expect.objectContaining({ jobId: spec.jobId, attempt: 3 }),
    );
    expect(await runSteps(first.value, ["echo warm"])).toMatchObject({ exitCodes: [0], text: "warm" });
    expect(await provider.start(spec, soon())).toMatchObject({ ok: false });

    const cold = await provider.start(
      { ...spec, jobId: newJobId(), limits: { ...limits, disk_mb: 33 } },
      soon(),
    );
    if (!cold.ok) throw new Error(cold.failure.message);
    expect(cold.value.warm).toBe(false);
    await Promise.all([endAndRemove(first.value), endAndRemove(cold.value)]);

    await waiting();
    const [dead] = await provider.list(soon());
    await docker.getContainer(dead?.ref ?? "").kill();
    await vi.waitFor(
      async () => {
        const [next, ...others] = await provider.list(soon());
        expect([next?.ref === dead?.ref, next?.running, others]).toEqual([false, true, []]);
      },
      { timeout: 20_000 },
    );
    await provider.stop();
    expect(await provider.list(soon())).toEqual([]);
  });
});
