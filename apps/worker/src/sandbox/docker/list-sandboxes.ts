import type { SandboxRecord } from "../sandbox-provider.ts";
import type { Engine } from "./engine.ts";
import { installationFilter } from "./sandbox-labels.ts";
import { readSandboxName } from "./sandbox-name.ts";

const liveStates: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);

/** An installation's containers, as the engine lists them; `namePattern` narrows them, in the engine's own regular expressions. */
export async function listSandboxes(
  engine: Pick<Engine, "list">,
  installationId: string,
  signal: AbortSignal,
  namePattern?: string,
): Promise<SandboxRecord[]> {
  const name = namePattern === undefined ? {} : { name: [namePattern] };
  const found = await engine.list({ ...installationFilter(installationId), ...name }, signal);
  return found.map(({ Id, Names, State, Created }) => {
    const owner = readSandboxName(Names[0] ?? "");
    return {
      ref: Id,
      jobId: owner?.jobId ?? null,
      attempt: owner?.attempt ?? null,
      running: liveStates.has(State),
      createdAt: new Date(Created * 1_000),
    };
  });
}
