import { isDeepStrictEqual } from "node:util";
import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import type { AgentConnection } from "./agent-connection.ts";
import { refuseUnlessAsAsked } from "./check-started.ts";
import { changeableBounds, withBounds } from "./container-spec.ts";
import { EngineAway, EngineSilent } from "./engine-call.ts";
import type { Engine } from "./engine.ts";
import { differencesInWarnings } from "./inspect-check.ts";
import { NotAsAsked, refuseIfAny } from "./not-as-asked.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import { sandboxBounds, type SandboxLimits } from "./sandbox-bounds.ts";
import type { RunningContainer, SandboxLogger } from "./start-container.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface FitWarmDeps {
  readonly engine: Engine;
  readonly runtime: string;
  readonly logger: SandboxLogger;
}

/** An agent that has nothing to do answers in a millisecond; one that does not in this time is no gain on a new one. */
const factsBoundMs = 1_000;

/**
 * Gives a container that has waited the bounds of `limits`, where it has others of its shape, and holds it against them as
 * one that was just started: by the engine's word, and by its agent's, who looks at its cage anew. Throws `NotAsAsked`, or
 * what the engine said; the container is then fit for nothing. Nor is one of which the engine says nothing.
 */
export async function fitWarm(
  { engine, runtime, logger }: FitWarmDeps,
  container: RunningContainer,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<"fit" | "unanswered"> {
  try {
    await lookAt({ engine, runtime }, container, limits, signal);
    return "fit";
  } catch (error) {
    if (signal.aborted || !(error instanceof EngineSilent || error instanceof EngineAway)) throw error;
    logger.warn({ err: error }, "The engine says nothing of a warm Sandbox, which is removed.");
    return "unanswered";
  }
}

async function lookAt(
  { engine, runtime }: Omit<FitWarmDeps, "logger">,
  container: RunningContainer,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<void> {
  const traits = runtimeTraits(runtime);
  const { cpus, appArmor } = await engine.host(signal);
  const spec = withBounds(container.spec, sandboxBounds(limits, cpus, traits));
  if (!isDeepStrictEqual(spec.bounds, container.spec.bounds)) {
    const warnings = await engine.update(container.madeAs, changeableBounds(spec.bounds), signal);
    refuseIfAny(differencesInWarnings(warnings));
  }
  const [inspected, facts] = await Promise.all([
    engine.inspect(container.madeAs, signal),
    askForFacts(container.connection, signal),
  ]);
  if (inspected?.State.Running !== true || inspected.State.Paused)
    throw new NotAsAsked("It does not run any more.");
  refuseUnlessAsAsked(spec, { inspected, facts }, { appArmor, traits });
}

async function askForFacts(connection: AgentConnection, signal: AbortSignal): Promise<SandboxFacts> {
  const silence = new NotAsAsked(`Its agent did not answer in ${String(factsBoundMs)} ms.`);
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(silence), factsBoundMs);
  try {
    const answer = connection.send({ type: "check" }).then(connection.next);
    const frame = await unlessAborted(answer, AbortSignal.any([signal, waiting.signal]));
    if (frame?.type === "facts") return frame.facts;
    throw new NotAsAsked(connection.breach() ?? "Its agent ended, or said something else than it was asked.");
  } finally {
    clearTimeout(timer);
  }
}
