import type { Adoption, AdoptionSpec } from "../sandbox-provider.ts";
import { dockerSandbox, type DockerSandboxDeps } from "./docker-sandbox.ts";
import { endAndRemove } from "./end-container.ts";
import type { RepeatWhileAway } from "./engine-away.ts";
import { engineStatus } from "./engine-call.ts";
import type { ContainerInspect, Engine } from "./engine.ts";
import { differencesInAdopted } from "./inspect-check.ts";
import { listContainersOf } from "./list-sandboxes.ts";
import { NotAsAsked, refuseIfAny } from "./not-as-asked.ts";
import { reachAgent } from "./reach-agent.ts";
import { sandboxName } from "./sandbox-name.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface AdoptDeps extends DockerSandboxDeps {
  readonly installationId: string;
}

/** `repeat` says what is to be tried again. */
export type Adopt = (spec: AdoptionSpec, signal: AbortSignal, repeat: RepeatWhileAway) => Promise<Adoption>;

/** Each look but the last found another owner, or an end, between the look and what was done: they are few. */
const mostLooks = 10;

const notThere = "The Sandbox is not there any more.";

/**
 * Makes what takes containers over. The name decides: the engine renames a container for exactly one of those that ask
 * for it by the name that it has, and an earlier owner that wakes up asks for a name that is nobody's. Then the agent is
 * reached by a relay, as what an earlier owner has not read may still stand in the container's own streams.
 */
export function createAdopter(deps: AdoptDeps): Adopt {
  return (spec, signal, repeat) => {
    const mine = sandboxName(spec.jobId, spec.attempt, spec.epoch);
    const naming = { mine, asked: false };
    return repeat(() => tryToAdopt(deps, spec, naming, signal));
  };
}

/** `asked` is true once the engine was asked for the name and may have given it, whether or not its answer came. */
interface Naming {
  readonly mine: string;
  asked: boolean;
}

async function tryToAdopt(
  deps: AdoptDeps,
  spec: AdoptionSpec,
  naming: Naming,
  signal: AbortSignal,
): Promise<Adoption> {
  const { engine, logger } = deps;
  let reason = notThere;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const found = await latestOf(deps, spec, signal);
    if (found === null) return { type: "gone", reason };
    if (found.epoch > spec.epoch || (found.name === naming.mine && !naming.asked))
      return { type: "superseded" };
    try {
      const adopted = await takeOver(deps, spec, found.name, naming, signal);
      if (adopted !== null) return adopted;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NotAsAsked)) throw error;
      logger.warn({ err: error, job: spec.jobId }, "A Sandbox could not be adopted, and is removed.");
      reason = error.message;
      // Whichever of the two it has by now; the next look says whether a later owner was faster.
      for (const name of new Set([found.name, naming.mine]))
        await unlessAborted(endAndRemove(engine, name), signal);
    }
  }
  throw new Error("The Sandbox changes hands each time that it is looked at.");
}

/** The Attempt's container. Where there are several, since a frozen starter came late, those of earlier owners are removed. */
async function latestOf(
  { engine, installationId }: AdoptDeps,
  spec: AdoptionSpec,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly epoch: number } | null> {
  const [latest, ...earlier] = await listContainersOf(engine, installationId, spec, signal);
  await unlessAborted(Promise.all(earlier.map(({ name }) => endAndRemove(engine, name))), signal);
  return latest ?? null;
}

/** Null where it is to be looked at again, as it has another name or state by now. Throws `NotAsAsked` where it is not fit to be adopted. */
async function takeOver(
  deps: AdoptDeps,
  spec: AdoptionSpec,
  present: string,
  naming: Naming,
  signal: AbortSignal,
): Promise<Adoption | null> {
  const { engine } = deps;
  const inspected = await engine.inspect(present, signal);
  if (inspected === null) return null;
  refuseUnlessFit(inspected);
  if (present !== naming.mine && !(await rename(engine, present, naming, signal))) return null;
  const reached = await reachAgent(engine, naming.mine, spec, signal);
  if (reached === null) return null;
  if (reached === "refused") return { type: "superseded" };
  const { connection, running } = reached;
  try {
    await keepName(deps, spec, naming, signal);
  } catch (error) {
    connection.close();
    throw error;
  }
  const { Id, Config } = inspected;
  const owned = { id: Id, name: naming.mine, user: Config.User, connection, warm: false };
  return { type: "adopted", sandbox: dockerSandbox(deps, owned), running };
}

/**
 * Takes the name back where an earlier owner's rename was already under way in the engine when ours came: engines find
 * the container first and wait for their turn then. The agent has the last word on who came later. Where a later owner
 * has it by now, that is for our calls to find out, as they would a moment afterwards.
 */
async function keepName(
  deps: AdoptDeps,
  spec: AdoptionSpec,
  naming: Naming,
  signal: AbortSignal,
): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const found = await latestOf(deps, spec, signal);
    if (found === null || found.epoch >= spec.epoch) return;
    await rename(deps.engine, found.name, naming, signal);
  }
}

function refuseUnlessFit(found: ContainerInspect): void {
  if (!found.State.Running) throw new NotAsAsked("The Sandbox did not run any more.");
  if (found.State.Paused) throw new NotAsAsked("The Sandbox was paused.");
  refuseIfAny(differencesInAdopted(found));
}

/** False where it has not that name any more, or somebody has ours. */
async function rename(engine: Engine, from: string, naming: Naming, signal: AbortSignal): Promise<boolean> {
  const askedBefore = naming.asked;
  naming.asked = true;
  try {
    await engine.rename(from, naming.mine, signal);
    return true;
  } catch (error) {
    if (![404, 409].includes(engineStatus(error) ?? 0)) throw error;
    naming.asked = askedBefore;
    return false;
  }
}
