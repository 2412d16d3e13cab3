import type { SandboxRecord, SandboxSpec } from "../sandbox-provider.ts";
import type { Engine } from "./engine.ts";
import { installationFilter, starterOf } from "./sandbox-labels.ts";
import { readSandboxName, sandboxName, type NamedSandbox } from "./sandbox-name.ts";

const liveStates: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);

/** An installation's containers, as the engine lists them; `namePattern` narrows them, in the engine's own regular expressions. */
export async function listSandboxes(
  engine: Pick<Engine, "list">,
  installationId: string,
  signal: AbortSignal,
  namePattern?: string,
): Promise<SandboxRecord[]> {
  const filter = namePattern === undefined ? {} : { name: [namePattern] };
  const found = await engine.list({ ...installationFilter(installationId), ...filter }, signal);
  return found.map(({ Id, Names, State, Created, Labels }) => {
    const { name, owner } = latestName(Names);
    return {
      ref: Id,
      name,
      jobId: owner?.jobId ?? null,
      attempt: owner?.attempt ?? null,
      epoch: owner?.epoch ?? null,
      startedBy: starterOf(Labels),
      running: liveStates.has(State),
      createdAt: new Date(Created * 1_000),
    };
  });
}

/** The containers of an Attempt, the one of its latest owner first: there are several where a frozen starter came late. */
export async function listContainersOf(
  engine: Pick<Engine, "list">,
  installationId: string,
  { jobId, attempt }: Pick<SandboxSpec, "jobId" | "attempt">,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly epoch: number }[]> {
  const namePattern = `^/?${sandboxName(jobId, attempt)}(-e[0-9]+)?$`;
  const listed = await listSandboxes(engine, installationId, signal, namePattern);
  return listed
    .flatMap(({ name, epoch }) => (epoch === null ? [] : [{ name, epoch }]))
    .toSorted((left, right) => right.epoch - left.epoch);
}

/** While a container is being renamed an engine may show it with both names: the one of the latest owner counts. */
export function latestName(names: readonly string[]): { name: string; owner: NamedSandbox | null } {
  const [latest] = names
    .map((name) => ({ name: name.replace(/^\//, ""), owner: readSandboxName(name) }))
    .toSorted((left, right) => (right.owner?.epoch ?? -1) - (left.owner?.epoch ?? -1));
  return latest ?? { name: "", owner: null };
}
