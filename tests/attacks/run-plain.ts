import type Docker from "dockerode";
import {
  createDockerProvider,
  type DockerProviderDeps,
} from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import { allProbes } from "./all-probes.ts";
import { attackOtherSandbox, type OtherSandboxAttack } from "./attack-other-sandbox.ts";
import { attackedRuntime, isGvisor } from "./attacked-runtime.ts";
import { groupsOf } from "./groups-of.ts";
import { layHostTraps } from "./host-traps.ts";
import { isHeld } from "./is-held.ts";
import { endedForMemory, openUnderGvisor } from "./under-gvisor.ts";
import type { Finding, ProbeGroup } from "./probe.ts";
import { runProbes, type ProbeConstants } from "./run-probes.ts";
import { startUnchecked } from "./start-unchecked.ts";
import { startWarm } from "./start-warm.ts";

export interface PlainDeps {
  readonly docker: Docker;
  readonly image: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
  /** In a Sandbox of the warm pool. */
  readonly warm: boolean;
}

/** Runs every probe once, also against a Sandbox beside, and says what did not hold; gives how many of them ought to. */
export async function runPlain(deps: PlainDeps): Promise<number> {
  const { say } = deps;
  const traps = await layHostTraps();
  try {
    const began = performance.now();
    const beside = await attackBeside(deps);
    const findings = [...(await attack(deps, traps.constants)), ...beside.findings];
    const failed = findings.filter((finding) => !isHeld(finding));
    const known = failed.filter(({ probe }) => openHere[probe.name] !== undefined);
    for (const { probe } of known) say(`○ ${probe.name}: ${String(openHere[probe.name])}`);
    const unexpected = failed.filter((finding) => !known.includes(finding));
    for (const { group, probe, found } of unexpected)
      say(`✗ ${group}: ${probe.name}: found ${JSON.stringify(found)}, not ${String(probe.holds)}`);
    const sprung = await traps.sprung();
    for (const sentence of sprung) say(`✗ the host: ${sentence}`);
    for (const sentence of beside.noticed) say(`✗ the job beside: ${sentence}`);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const held = `${String(findings.length - failed.length)} of ${String(findings.length)} probes held`;
    const which = `${String(beside.findings.length)} of them against a job beside`;
    say(
      `${held} under ${attackedRuntime} (${which}), ${String(known.length)} are known not to (${seconds} s)`,
    );
    return unexpected.length + sprung.length + beside.noticed.length;
  } finally {
    await traps.close();
  }
}

const openHere: Readonly<Record<string, string>> = isGvisor ? openUnderGvisor : {};

async function attackBeside({ docker }: PlainDeps): Promise<OtherSandboxAttack> {
  try {
    return await attackOtherSandbox(createDockerProvider(await dockerDeps(docker)));
  } finally {
    await removeLeftovers();
  }
}

/** Where a probe ends its Sandbox, those after it are tried in another. */
async function attack(deps: PlainDeps, constants: ProbeConstants): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let groups: readonly ProbeGroup[] = allProbes;
  while (groups.length > 0) {
    deps.stop.throwIfAborted();
    findings.push(...(await attackOnce(deps, groups, constants)));
    const settled = new Set(findings.map(({ probe }) => probe.name));
    const names = groups.flatMap(({ probes }) => probes.map(({ name }) => name));
    groups = groupsOf(names.filter((name) => !settled.has(name)));
  }
  return findings;
}

/** What was found until a probe ended the Sandbox, that one included: the engine says whether it did so by its memory. */
async function attackOnce(
  { docker, image, warm }: PlainDeps,
  groups: readonly ProbeGroup[],
  constants: ProbeConstants,
): Promise<readonly Finding[]> {
  if (warm)
    return attackWarm({ ...(await dockerDeps(docker)), image, runtime: attackedRuntime }, groups, constants);
  const { sandbox, refusals, remove } = await startUnchecked(docker, image, (body) => body);
  try {
    if (sandbox === null || refusals.length > 0) throw new Error(refusals.join(" "));
    const found = await runProbes(sandbox, groups, constants);
    const ending = found.find((finding) => finding.found === null);
    if (ending === undefined) return found;
    const { oomKilled } = await sandbox.end();
    const settled = found.filter((finding) => finding.found !== null);
    return [...settled, oomKilled ? { ...ending, found: endedForMemory } : ending];
  } finally {
    await remove();
  }
}

async function attackWarm(
  deps: DockerProviderDeps,
  groups: readonly ProbeGroup[],
  constants: ProbeConstants,
): Promise<readonly Finding[]> {
  const sandbox = await startWarm(deps);
  try {
    return await runProbes(sandbox, groups, constants);
  } finally {
    await sandbox.end();
    await sandbox.remove();
  }
}
