import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDockerProvider } from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import { attackOtherSandbox, type OtherSandboxAttack } from "./attack-other-sandbox.ts";
import { otherSandbox } from "./probes/other-sandbox.ts";

let attack: OtherSandboxAttack;

beforeAll(async () => {
  attack = await attackOtherSandbox(createDockerProvider(await dockerDeps(new Docker())));
}, 120_000);
afterAll(removeLeftovers);

describe("a Step beside another Job's, with the same user, cannot", () => {
  it.each([...otherSandbox.probes])("$name", ({ name, holds }) => {
    expect(attack.findings.find(({ probe }) => probe.name === name)?.found).toMatch(holds);
  });
});

describe("the other Job", () => {
  it("has noticed nothing, and goes on", () => {
    expect(attack.noticed).toEqual([]);
  });
});
