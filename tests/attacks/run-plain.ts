import type Docker from "dockerode";
import { allProbes } from "./all-probes.ts";
import { layHostTraps } from "./host-traps.ts";
import { runProbes } from "./run-probes.ts";
import { startUnchecked } from "./start-unchecked.ts";

/** Runs every probe once and says what did not hold; gives how many. */
export async function runPlain({
  docker,
  image,
  say,
}: {
  readonly docker: Docker;
  readonly image: string;
  readonly say: (line: string) => void;
}): Promise<number> {
  const traps = await layHostTraps();
  const { sandbox, refusals, remove } = await startUnchecked(docker, image, (body) => body);
  try {
    if (sandbox === null || refusals.length > 0) throw new Error(refusals.join(" "));
    const began = performance.now();
    const findings = await runProbes(sandbox, allProbes, traps.constants);
    const failed = findings.filter(({ held }) => !held);
    for (const { group, probe, found } of failed)
      say(`✗ ${group}: ${probe.name}: found ${JSON.stringify(found)}, not ${String(probe.holds)}`);
    const sprung = await traps.sprung();
    for (const sentence of sprung) say(`✗ the host: ${sentence}`);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    say(
      `${String(findings.length - failed.length)} of ${String(findings.length)} probes held (${seconds} s)`,
    );
    return failed.length + sprung.length;
  } finally {
    await remove();
    await traps.close();
  }
}
