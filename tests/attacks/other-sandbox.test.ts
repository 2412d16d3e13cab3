import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDockerProvider } from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import type { Finding } from "./probe.ts";
import { otherSandbox } from "./probes/other-sandbox.ts";
import { runProbes } from "./run-probes.ts";
import { jobIdOfSameUser, startSandbox, startVictim, type Victim } from "./victim.ts";

const lifetime = new AsyncDisposableStack();
let victim: Victim;
let findings: ReadonlyMap<string, Finding>;

beforeAll(async () => {
  const provider = createDockerProvider(await dockerDeps(new Docker()));
  lifetime.defer(removeLeftovers);
  victim = await startVictim(provider);
  lifetime.defer(() => victim.remove());
  const attacker = await startSandbox(provider, jobIdOfSameUser(victim.jobId));
  const found = await runProbes(attacker, [otherSandbox], victim.constants);
  findings = new Map(found.map((finding) => [finding.probe.name, finding]));
}, 120_000);
afterAll(() => lifetime.disposeAsync());

describe("a Step beside another Job's, with the same user, cannot", () => {
  it.each([...otherSandbox.probes])("$name", ({ name, holds }) => {
    expect(findings.get(name)?.found).toMatch(holds);
  });
});

describe("the other Job", () => {
  it("has noticed nothing, and goes on", async () => {
    expect(await victim.said()).toEqual([]);
  });
});
