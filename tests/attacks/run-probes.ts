import { readFile } from "node:fs/promises";
import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import { z } from "zod";
import { runWireSteps, shellStep } from "../../apps/worker/src/sandbox/run-steps.testkit.ts";
import type { Sandbox } from "../../apps/worker/src/sandbox/sandbox-provider.ts";
import type { Finding, ProbeGroup } from "./probe.ts";

const prelude = await readFile(new URL("probes/prelude.py", import.meta.url), "utf8");
const printed = z.object({ probe: z.int(), found: z.string() });
/** Of one probe: what takes longer hangs. */
const probeSeconds = 60;

/** What the probes know of the world outside, as names in Python. */
export type ProbeConstants = Readonly<
  Record<string, string | number | readonly string[] | Readonly<Record<string, string>>>
>;

/** Runs groups of probes in one Sandbox, each group a Step after those that come before it. */
export async function runProbes(
  sandbox: Sandbox,
  groups: readonly ProbeGroup[],
  constants: ProbeConstants,
): Promise<readonly Finding[]> {
  const steps = groups.flatMap((group) => [
    ...(group.before ?? []).map(shellStep),
    probeStep(group, constants),
  ]);
  const { events } = await runWireSteps(sandbox, steps);
  let index = 0;
  return groups.flatMap((group) => {
    index += (group.before?.length ?? 0) + 1;
    const lines = events.flatMap((event) =>
      event.type === "lines" && event.index === index && event.stream === "stdout" ? event.lines : [],
    );
    return readFindings(group, lines);
  });
}

/** What became of each probe of a group, by what its program printed. */
export function readFindings({ name, probes }: ProbeGroup, lines: readonly string[]): readonly Finding[] {
  const found = new Map<number, string>();
  for (const line of lines) readFinding(line, found);
  return probes.map((probe, at): Finding => {
    const text = found.get(at) ?? null;
    return { group: name, probe, found: text, held: text !== null && probe.holds.test(text) };
  });
}

/** A line of a Step is hostile input: what is no finding is left out, and its probe then has none. */
function readFinding(line: string, found: Map<number, string>): void {
  try {
    const { probe, found: text } = printed.parse(JSON.parse(line));
    if (!found.has(probe)) found.set(probe, text);
  } catch {
    return;
  }
}

function probeStep(group: ProbeGroup, constants: ProbeConstants): WireStep {
  return {
    kind: "python",
    code: probeProgram(group, constants),
    timeout_ms: 300_000,
    continue_on_error: true,
  };
}

/** Python that runs the probes of a group, one after another, and prints what each found. */
export function probeProgram({ probes }: ProbeGroup, constants: ProbeConstants): string {
  const programs = JSON.stringify(probes.map(({ program }, index) => [index, program]));
  const values = Object.entries(constants).map(
    ([name, value]) => `${name} = json.loads(${JSON.stringify(JSON.stringify(value))})`,
  );
  return [
    prelude,
    ...values,
    `run_probes(json.loads(${JSON.stringify(programs)}), ${String(probeSeconds)})`,
  ].join("\n");
}
