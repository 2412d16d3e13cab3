import type { ContainerBody } from "../../../apps/worker/src/sandbox/docker/container-spec.ts";

/** One defence taken away, to see that the suite would notice. */
export interface Mutation {
  /** What of the recipe is taken away, as docs/security.md says it. */
  readonly name: string;
  /** Where the defence is. */
  readonly where: string;
  /** Probes that must fail without it, by their names. */
  readonly noticedBy: readonly string[];
  /** What the engine is asked for instead; left out where only the image differs. */
  readonly body?: (body: ContainerBody) => ContainerBody;
  /** Lines of a Dockerfile on top of the agent's image, with agent-image/native as context. */
  readonly image?: readonly string[];
  /** The seccomp profile that the launcher is built from instead. */
  readonly profile?: string;
}

/** A mutation of the HostConfig. */
export function hostConfig(
  name: string,
  change: ContainerBody["HostConfig"],
  ...noticedBy: readonly string[]
): Mutation {
  const where = `\`container-spec.ts\`: ${Object.keys(change).join(", ")}`;
  return {
    name,
    where,
    noticedBy,
    body: (body) => ({ ...body, HostConfig: { ...body.HostConfig, ...change } }),
  };
}
