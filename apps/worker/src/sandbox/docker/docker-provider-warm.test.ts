import { randomUUID } from "node:crypto";
import { createLogger } from "@longshore/shared/runtime/logger";
import Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { removeOrphans } from "../../sweeps/remove-orphans.ts";
import { runSteps } from "../run-steps.testkit.ts";
import type { SandboxProvider } from "../sandbox-provider.ts";
import { sandboxProviderTestsuite } from "../sandbox-provider.testsuite.ts";
import { endAndRemove, limits, newSpec, soon, started } from "../sandbox-under-test.testkit.ts";
import { createDockerProvider, type DockerProvider } from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";
import { openEngineWay } from "./engine-way.testkit.ts";
import { untilWarm } from "./until-warm.testkit.ts";

const docker = new Docker();

/** The same provider, of which each Sandbox must come from its warm pool, and which shows those of Jobs alone. */
function alwaysWarm(provider: DockerProvider): SandboxProvider {
  return {
    ...provider,
    async start(spec, signal) {
      await untilWarm(provider, 1);
      const result = await provider.start(spec, signal);
      if (result.ok) expect(result.value.warm).toBe(true);
      return result;
    },
    list: async (signal) => (await provider.list(signal)).filter(({ jobId }) => jobId !== null),
  };
}

sandboxProviderTestsuite("docker, from its warm pool,", async () => {
  const deps = await dockerDeps(docker);
  const image = `longshore-agent:missing-${randomUUID()}`;
  const calm = { afterMs: 0, atMostMs: 0 };
  const provider = createDockerProvider({ ...deps, warm: { size: 2, limits, calm } });
  return {
    provider: alwaysWarm(provider),
    withoutImage: { image, provider: createDockerProvider({ ...deps, image }) },
    killFromOutside: (ref) => docker.getContainer(ref).kill(),
    pauseFromOutside: (ref) => docker.getContainer(ref).pause(),
    ready: () => untilWarm(provider, 2),
    async release() {
      await provider.stop();
      expect(await provider.list(soon())).toEqual([]);
      await removeLeftovers();
    },
  };
});

describe("a warm Sandbox", { timeout: 60_000 }, () => {
  afterAll(removeLeftovers);

  async function warmProvider(changes: Partial<Parameters<typeof createDockerProvider>[0]> = {}) {
    const warnings: unknown[] = [];
    const provider = createDockerProvider({
      ...(await dockerDeps(docker)),
      warm: { size: 1, limits },
      logger: {
        debug: () => undefined,
        warn: ({ err }: { err?: unknown }) => void warnings.push(String(err)),
      },
      ...changes,
    });
    await untilWarm(provider, 1);
    return { provider, warnings };
  }

  async function warmName(provider: DockerProvider): Promise<string> {
    const warm = (await provider.list(soon())).find(({ jobId }) => jobId === null);
    return warm?.name ?? "";
  }

  it("has the bounds of its Job, by the engine's word and inside, whatever it was made with", async () => {
    const { provider } = await warmProvider();
    const wanted = { ...limits, cpus: 0.5, memory_mb: 512, pids: 128 };
    const sandbox = await started(provider, { ...newSpec(), limits: wanted });
    expect(sandbox.warm).toBe(true);
    const { HostConfig } = await docker.getContainer(sandbox.ref).inspect();
    const cold = createDockerProvider(await dockerDeps(docker));
    const other = await started(cold, { ...newSpec(), limits: wanted });
    const { HostConfig: asCold } = await docker.getContainer(other.ref).inspect();
    expect({ ...HostConfig, Tmpfs: null }).toEqual({ ...asCold, Tmpfs: null });
    const look = [
      "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>&-",
      "cat /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes /sys/fs/cgroup/memory.swap.max 2>&-",
      "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>&-",
      "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>&-",
      "df --output=size,itotal /workspace /tmp; ulimit -a",
    ];
    const [seen, seenCold] = [await runSteps(sandbox, look), await runSteps(other, look)];
    expect(seen.text).toBe(seenCold.text);
    expect(seen.text).toContain("50000");
    await Promise.all([endAndRemove(sandbox), endAndRemove(other)]);
    await provider.stop();
  });

  it.each([
    ["was paused", (name: string) => docker.getContainer(name).pause(), "did not answer"],
    [
      "has another bound",
      (name: string) => docker.getContainer(name).update({ PidsLimit: 4_000 }),
      "PidsLimit",
    ],
  ] as const)(
    "that %s from outside while it waited is given to no Job, and is removed",
    async (_, disturb, why) => {
      const { provider, warnings } = await warmProvider();
      const before = await warmName(provider);
      await disturb(before);
      const sandbox = await started(provider);
      expect(sandbox.warm).toBe(false);
      expect(warnings.join()).toContain(why);
      await endAndRemove(sandbox);
      await provider.stop();
      expect(await provider.list(soon())).toEqual([]);
    },
  );

  it("is not found by whoever knew it before it was handed over", async () => {
    const { provider } = await warmProvider();
    const before = await warmName(provider);
    const spec = newSpec();
    const sandbox = await started(provider, spec);
    expect(sandbox.warm).toBe(true);
    await provider.removeListed({ name: before });
    expect(await sandbox.alive(soon())).toBe("running");
    expect(await runSteps(sandbox, ["echo unharmed"])).toMatchObject({ text: "unharmed" });
    await endAndRemove(sandbox);
    await provider.stop();
  });

  it("is used by one Attempt: of those that come at once no two have the same", async () => {
    const { provider } = await warmProvider({ warm: { size: 2, limits } });
    await untilWarm(provider, 2);
    const seen = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      const sandboxes = await Promise.all([1, 2, 3].map(() => started(provider)));
      for (const { ref } of sandboxes) {
        expect(seen).not.toContain(ref);
        seen.add(ref);
      }
      const runs = await Promise.all(sandboxes.map((each) => runSteps(each, ["ls -A; echo mine > file"])));
      expect(runs.map(({ text }) => text)).toEqual(["", "", ""]);
      await Promise.all(sandboxes.map(endAndRemove));
    }
    await provider.stop();
    expect(await provider.list(soon())).toEqual([]);
  });

  it("goes with its worker: what one that is frozen has left is removed by another, whose own stays", async () => {
    const way = await openEngineWay();
    const deps = await dockerDeps(docker);
    const { provider: frozen } = await warmProvider({ ...deps, docker: way.docker });
    way.set("frozen");
    const workerId = randomUUID();
    const { provider: alive } = await warmProvider({ ...deps, workerId });
    expect(await alive.list(soon())).toHaveLength(2);
    const sweep = removeOrphans({
      provider: {
        ...alive,
        // Those that are new belong to workers that are new.
        list: async (signal) =>
          (await alive.list(signal)).map((each) => ({ ...each, createdAt: new Date(Date.now() - 60_000) })),
      },
      findRunning: () => Promise.resolve([]),
      ...{ findLiveWorkers: () => Promise.resolve([workerId]), silenceMs: 20_000 },
      ...{ isOurs: () => false, logger: createLogger("test", "silent") },
    });
    await sweep.run(soon());
    expect(await alive.list(soon())).toMatchObject([{ startedBy: workerId, running: true }]);
    expect(alive.warmReady()).toBe(1);
    way.set("open");
    await Promise.all([frozen.stop(), alive.stop()]);
    expect(await alive.list(soon())).toEqual([]);
    await way.close();
  });
});
