import type { SandboxLife, SandboxSpec } from "../sandbox-provider.ts";
import type { Engine } from "./engine.ts";
import { listContainersOf } from "./list-sandboxes.ts";

const lifeBoundMs = 4_000;

/** What the engine says of the container of that name within 4 s. Never rejects. */
export async function lifeByName(
  engine: Pick<Engine, "inspect">,
  name: string,
  signal: AbortSignal,
): Promise<SandboxLife> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(lifeBoundMs)]);
  try {
    const found = await engine.inspect(name, bounded);
    return found?.State.Running === true && !found.State.Paused ? "running" : "gone";
  } catch {
    return "unknown";
  }
}

/** The same of the container of an Attempt, by the name that its latest owner has given to it, within 8 s. */
export async function lifeOfAttempt(
  { engine, installationId }: { readonly engine: Engine; readonly installationId: string },
  spec: Pick<SandboxSpec, "jobId" | "attempt">,
  signal: AbortSignal,
): Promise<SandboxLife> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(lifeBoundMs)]);
  try {
    const [latest] = await listContainersOf(engine, installationId, spec, bounded);
    return latest === undefined ? "gone" : await lifeByName(engine, latest.name, signal);
  } catch {
    return "unknown";
  }
}
