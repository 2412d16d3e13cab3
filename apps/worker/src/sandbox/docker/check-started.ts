import { wireVersion, type AgentFrame } from "@longshore/shared/contracts/agent-wire";
import type { AgentConnection } from "./agent-connection.ts";
import type { ContainerSpec } from "./container-spec.ts";
import type { Engine } from "./engine.ts";
import { differencesInFacts } from "./facts-check.ts";
import { differencesInInspect } from "./inspect-check.ts";

const helloTimeoutMs = 10_000;
/** Runtimes with a kernel of their own, inside of which the host's cgroups and filter do not show. */
const ownKernelRuntimes = /^(runsc|kata)/u;

/** A reason not to hand the container out, as a sentence for whoever runs the service. */
export class NotAsAsked extends Error {}

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
  const [inspected, hello] = await Promise.all([
    engine.inspect(id, signal),
    waitForHello(connection, signal, () => engine.inspect(id, signal)),
  ]);
  if (inspected === null) throw new NotAsAsked("The container was gone when it was looked at.");
  const { appArmor } = await engine.host(signal);
  const ownKernel = ownKernelRuntimes.test(runtime);
  refuseIfAny(differencesInInspect(spec, inspected, { appArmor }));
  refuseIfAny(differencesInFacts(spec, hello.facts, { ownKernel }));
}

async function waitForHello(
  connection: AgentConnection,
  signal: AbortSignal,
  askEngine: () => Promise<unknown>,
): Promise<Extract<AgentFrame, { type: "hello" }>> {
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(helloTimeoutMs)]);
  waiting.addEventListener("abort", connection.close, { once: true });
  try {
    const frame = await connection.next();
    signal.throwIfAborted();
    if (frame?.type === "hello") {
      if (frame.version === wireVersion) return frame;
      throw new NotAsAsked(
        `Its agent speaks version ${String(frame.version)}, not ${String(wireVersion)}: build the image anew.`,
      );
    }
    const silence = waiting.aborted ? `Its agent did not say hello in ${String(helloTimeoutMs)} ms.` : null;
    // Where the connection ended since the engine is away, this throws that.
    if (connection.breach() === null && silence === null) await askEngine();
    throw new NotAsAsked(connection.breach() ?? silence ?? "It ended before its agent said hello.");
  } finally {
    waiting.removeEventListener("abort", connection.close);
  }
}

/** Throws where there is a difference, with the first five of them. */
export function refuseIfAny(differences: readonly string[]): void {
  if (differences.length > 0) throw new NotAsAsked(differences.slice(0, 5).join(" "));
}
