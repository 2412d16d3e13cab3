import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createDockerProvider,
  type DockerProviderDeps,
} from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import type { Sandbox } from "../../apps/worker/src/sandbox/sandbox-provider.ts";
import { allProbes } from "./all-probes.ts";
import { layHostTraps, type HostTraps } from "./host-traps.ts";
import type { Finding } from "./probe.ts";
import { attackedLimits } from "./probes/limits.ts";
import { runProbes } from "./run-probes.ts";
import { startWarm } from "./start-warm.ts";

async function startCold(deps: DockerProviderDeps): Promise<Sandbox> {
  const spec = { jobId: newJobId(), attempt: 1, limits: attackedLimits };
  const started = await createDockerProvider(deps).start(spec, AbortSignal.timeout(30_000));
  if (!started.ok) throw new Error(started.failure.message);
  return started.value;
}

let traps: HostTraps;
beforeAll(async () => void (traps = await layHostTraps()));
afterAll(async () => {
  await removeLeftovers();
  await traps.close();
});

describe.each([
  ["a Sandbox that was just started", startCold],
  ["a Sandbox of the warm pool, with other bounds than it was made with", startWarm],
] as const)("in %s", (_, start) => {
  let findings: ReadonlyMap<string, Finding>;

  beforeAll(async () => {
    const found = await runProbes(await start(await dockerDeps(new Docker())), allProbes, traps.constants);
    findings = new Map(found.map((finding) => [finding.probe.name, finding]));
  }, 240_000);

  describe.each(allProbes)("a Step cannot ($name)", ({ probes }) => {
    it.each([...probes])("$name", ({ name, holds }) => {
      expect(findings.get(name)?.found).toMatch(holds);
    });
  });

  it("the host has noticed nothing of the attacks", async () => {
    expect(await traps.sprung()).toEqual([]);
  });
});
