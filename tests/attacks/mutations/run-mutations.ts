import type Docker from "dockerode";
import { isGvisor } from "../attacked-runtime.ts";
import { groupsOf } from "../groups-of.ts";
import { layHostTraps } from "../host-traps.ts";
import { isHeld } from "../is-held.ts";
import type { Finding } from "../probe.ts";
import { runProbes, type ProbeConstants } from "../run-probes.ts";
import { startUnchecked } from "../start-unchecked.ts";
import { allMutations, mutationsUnderGvisor } from "./all-mutations.ts";
import { unnoticeableMasks } from "./masked-path-mutations.ts";
import type { Mutation } from "./mutation.ts";
import { buildMutatedImage } from "./mutated-image.ts";

/** What came of one mutation. */
interface Outcome {
  /** Probes that failed, as they must. */
  readonly noticed: readonly string[];
  /** Probes that held all the same. */
  readonly missed: readonly string[];
  /** What the worker's checks said, the first of it; empty where they said nothing. */
  readonly refusal: string;
  /** True where not even a Step would have run. */
  readonly ranNothing: boolean;
}

/** By the section of docs/security.md, what can be taken away from what is attacked here. */
const sections: Readonly<Record<string, readonly Mutation[]>> = isGvisor
  ? mutationsUnderGvisor
  : allMutations;

export interface MutationDeps {
  readonly docker: Docker;
  readonly image: string;
  /** Text that the names of the mutations to run must hold. */
  readonly only: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Takes each defence away in turn; gives how many were not noticed as they should be. */
export async function runMutations(deps: MutationDeps): Promise<number> {
  const { say, stop, only } = deps;
  const traps = await layHostTraps();
  let faults = 0;
  try {
    faults += await runControl(deps, traps.constants);
    for (const [section, mutations] of Object.entries(sections)) {
      say(`\n${section}`);
      for (const mutation of mutations.filter(({ name }) => name.includes(only))) {
        if (stop.aborted) return faults + 1;
        const outcome = await runMutation(deps, mutation, traps.constants);
        const good = isNoticed(mutation, outcome);
        faults += good ? 0 : 1;
        say(`${good ? "✓" : "✗"} ${mutation.name}, taken away: ${describe(outcome)}`);
      }
    }
    if (isGvisor) return faults;
    say(
      `\nNot tried, as this kernel has no such file, an empty one, or gives it to root alone: ${unnoticeableMasks.join(", ")}`,
    );
    return faults;
  } finally {
    await traps.close();
  }
}

/** Nothing is taken away: every probe that a mutation counts on must hold. */
async function runControl(deps: MutationDeps, constants: ProbeConstants): Promise<number> {
  const names = Object.values(sections).flatMap((mutations) => mutations.flatMap((each) => each.noticedBy));
  const control = { name: "nothing", where: "", noticedBy: [...new Set(names)] };
  const { noticed, refusal } = await runMutation(deps, control, constants);
  deps.say(
    noticed.length === 0 && refusal === ""
      ? `✓ with nothing taken away all ${String(control.noticedBy.length)} probes hold, and the worker takes the Sandbox`
      : `✗ with nothing taken away: ${[...noticed, refusal].join("; ")}`,
  );
  return noticed.length + (refusal === "" ? 0 : 1);
}

async function runMutation(
  deps: MutationDeps,
  mutation: Mutation,
  constants: ProbeConstants,
): Promise<Outcome> {
  const { name, image: lines, profile } = mutation;
  const own = lines === undefined ? null : await buildMutatedImage(deps.image, { name, lines, profile });
  try {
    const { sandbox, refusals, remove } = await startUnchecked(
      deps.docker,
      own?.image ?? deps.image,
      mutation.body ?? ((body) => body),
    );
    try {
      const findings =
        sandbox === null ? [] : await runProbes(sandbox, groupsOf(mutation.noticedBy), constants);
      return outcomeOf(findings, refusals, sandbox === null);
    } finally {
      await remove();
    }
  } finally {
    await own?.remove();
  }
}

function outcomeOf(
  findings: readonly Finding[],
  refusals: readonly string[],
  refusedToRun: boolean,
): Outcome {
  const namesOf = (held: boolean) =>
    findings.filter((each) => isHeld(each) === held).map(({ probe }) => probe.name);
  return {
    noticed: namesOf(false),
    missed: namesOf(true),
    refusal: (refusals[0] ?? "").split("\n")[0] ?? "",
    ranNothing: refusedToRun || findings.every(({ found }) => found === null),
  };
}

/** The worker or the agent must refuse what the engine was asked for; what only the image lacks, a probe must find. */
function isNoticed(
  { body, noticedBy }: Mutation,
  { noticed, missed, refusal, ranNothing }: Outcome,
): boolean {
  if (body !== undefined && refusal === "") return false;
  if (ranNothing) return body !== undefined || noticed.length > 0;
  return noticed.length === noticedBy.length && missed.length === 0;
}

function describe({ noticed, missed, refusal, ranNothing }: Outcome): string {
  const parts = [
    ...(ranNothing ? ["no Step comes to its end"] : noticed.map((name) => `"${name}" fails`)),
    ...missed.map((name) => `"${name}" HOLDS`),
    refusal === ""
      ? "the worker's checks see nothing of it"
      : `the worker refuses it (${refusal.slice(0, 160)})`,
  ];
  return parts.join("; ");
}
