import { allProbes } from "./all-probes.ts";
import type { ProbeGroup } from "./probe.ts";

/** The groups with only these probes. Those that no group has are an error: a table names what is not there. */
export function groupsOf(names: readonly string[]): readonly ProbeGroup[] {
  const known = new Set(allProbes.flatMap(({ probes }) => probes.map(({ name }) => name)));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`There is no probe called ${unknown.join(", ")}.`);
  return allProbes
    .map((group) => ({ ...group, probes: group.probes.filter(({ name }) => names.includes(name)) }))
    .filter(({ probes }) => probes.length > 0);
}
