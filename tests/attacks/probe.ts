/** One attack, run inside a Sandbox as (a part of) a Step. */
export interface Probe {
  /** What is tried; with "A Step cannot" before it, what must hold. */
  readonly name: string;
  /** Python on what `probes/prelude.py` gives. The value of its last expression is what the attack found. */
  readonly program: string;
  /** What must be true of what was found. */
  readonly holds: RegExp;
}

/** Probes that one Step runs, one after another. */
export interface ProbeGroup {
  readonly name: string;
  /** What Steps before the probes' leave behind, in shell. */
  readonly before?: readonly string[];
  readonly probes: readonly Probe[];
}

export type ProbeRow = readonly [name: string, program: string, holds: RegExp];

/** A group from a table of its probes. */
export function probeGroup(
  name: string,
  rows: readonly ProbeRow[],
  before: readonly string[] = [],
): ProbeGroup {
  return {
    name,
    before,
    probes: rows.map(([probe, program, holds]) => ({ name: probe, program, holds })),
  };
}

/** What became of a probe: `found` is null where the Sandbox ended in or before it. */
export interface Finding {
  readonly group: string;
  readonly probe: Probe;
  readonly found: string | null;
  readonly held: boolean;
}
