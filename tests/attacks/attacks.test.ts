import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDockerProvider } from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import { allProbes } from "./all-probes.ts";
import { layHostTraps, type HostTraps } from "./host-traps.ts";
import type { Finding } from "./probe.ts";
import { attackedLimits } from "./probes/limits.ts";
import { runProbes } from "./run-probes.ts";

let traps: HostTraps;
let findings: ReadonlyMap<string, Finding>;

beforeAll(async () => {
  traps = await layHostTraps();
  const provider = createDockerProvider(await dockerDeps(new Docker()));
  const started = await provider.start(
    { jobId: newJobId(), attempt: 1, limits: attackedLimits },
    AbortSignal.timeout(30_000),
  );
  if (!started.ok) throw new Error(started.failure.message);
  const found = await runProbes(started.value, allProbes, traps.constants);
  findings = new Map(found.map((finding) => [finding.probe.name, finding]));
}, 240_000);

afterAll(async () => {
  await removeLeftovers();
  await traps.close();
});

describe.each(allProbes)("a Step cannot ($name)", ({ probes }) => {
  it.each([...probes])("$name", ({ name, holds }) => {
    expect(findings.get(name)?.found).toMatch(holds);
  });
});

describe("the host", () => {
  it("has noticed nothing of the attacks", async () => {
    expect(await traps.sprung()).toEqual([]);
  });
});
