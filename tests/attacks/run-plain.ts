import type Docker from "dockerode";
import { allProbes } from "./all-probes.ts";
import { attackedRuntime, isGvisor } from "./attacked-runtime.ts";
import { groupsOf } from "./groups-of.ts";
import { layHostTraps } from "./host-traps.ts";
import { isHeld } from "./is-held.ts";
import { openUnderGvisor } from "./under-gvisor.ts";
import type { Finding, ProbeGroup } from "./probe.ts";
import { runProbes, type ProbeConstants } from "./run-probes.ts";
import { startUnchecked } from "./start-unchecked.ts";

export interface PlainDeps {
  readonly docker: Docker;
  readonly image: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Runs every probe once and says what did not hold; gives how many of them ought to. */
export async function runPlain(deps: PlainDeps): Promise<number> {
  const { say } = deps;
  const traps = await layHostTraps();
  try {
    const began = performance.now();
    const findings = await attack(deps, traps.constants);
    const failed = findings.filter((finding) => !isHeld(finding));
    const known = failed.filter(({ probe }) => openHere[probe.name] !== undefined);
    for (const { probe } of known) say(`○ ${probe.name}: ${String(openHere[probe.name])}`);
    const unexpected = failed.filter((finding) => !known.includes(finding));
    for (const { group, probe, found } of unexpected)
      say(`✗ ${group}: ${probe.name}: found ${JSON.stringify(found)}, not ${String(probe.holds)}`);
    const sprung = await traps.sprung();
    for (const sentence of sprung) say(`✗ the host: ${sentence}`);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const held = `${String(findings.length - failed.length)} of ${String(findings.length)} probes held`;
    say(`${held} under ${attackedRuntime}, ${String(known.length)} are known not to (${seconds} s)`);
    return unexpected.length + sprung.length;
  } finally {
    await traps.close();
  }
}

const openHere: Readonly<Record<string, string>> = isGvisor ? openUnderGvisor : {};

/** Where a probe ends its Sandbox, those after it are tried in another. */
async function attack(deps: PlainDeps, constants: ProbeConstants): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let groups: readonly ProbeGroup[] = allProbes;
  while (groups.length > 0) {
    deps.stop.throwIfAborted();
    const found = await attackOnce(deps, groups, constants);
    const ending = found.find((finding) => finding.found === null);
    const isSettled = (finding: Finding) => finding.found !== null || finding === ending;
    findings.push(...found.filter(isSettled));
    groups = groupsOf(found.filter((finding) => !isSettled(finding)).map(({ probe }) => probe.name));
  }
  return findings;
}

async function attackOnce(
  { docker, image }: PlainDeps,
  groups: readonly ProbeGroup[],
  constants: ProbeConstants,
): Promise<readonly Finding[]> {
  const { sandbox, refusals, remove } = await startUnchecked(docker, image, (body) => body);
  try {
    if (sandbox === null || refusals.length > 0) throw new Error(refusals.join(" "));
    return await runProbes(sandbox, groups, constants);
  } finally {
    await remove();
  }
}
