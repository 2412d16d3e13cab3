import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import type { AgentConnection } from "./agent-connection.ts";
import type { ContainerSpec } from "./container-spec.ts";
import type { ContainerInspect, Engine } from "./engine.ts";
import { differencesInFacts } from "./facts-check.ts";
import { differencesInInspect } from "./inspect-check.ts";
import { NotAsAsked, refuseIfAny } from "./not-as-asked.ts";
import { runtimeTraits, type RuntimeTraits } from "./runtime-traits.ts";
import { waitForHello } from "./wait-for-hello.ts";

export interface StartedContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly connection: AgentConnection;
}

/** Holds a container that was just started against its spec: by the engine's word, and by the agent's. Throws `NotAsAsked`. */
export async function checkStarted(
  { engine, runtime }: { readonly engine: Engine; readonly runtime: string },
  { id, spec, connection }: StartedContainer,
  signal: AbortSignal,
): Promise<void> {
  const traits = runtimeTraits(runtime);
  const [inspected, hello] = await Promise.all([
    engine.inspect(id, signal),
    waitForHello(connection, signal, () => engine.inspect(id, signal), traits.helloMs),
  ]);
  const { appArmor } = await engine.host(signal);
  refuseUnlessAsAsked(spec, { inspected, facts: hello.facts }, { appArmor, traits });
}

/** Throws `NotAsAsked` where the engine or the agent says of a container something else than its spec. */
export function refuseUnlessAsAsked(
  spec: ContainerSpec,
  { inspected, facts }: { readonly inspected: ContainerInspect | null; readonly facts: SandboxFacts },
  { appArmor, traits }: { readonly appArmor: boolean; readonly traits: RuntimeTraits },
): void {
  if (inspected === null) throw new NotAsAsked("The container was gone when it was looked at.");
  refuseIfAny(differencesInInspect(spec, inspected, { appArmor }));
  refuseIfAny(differencesInFacts(spec, facts, traits));
}
