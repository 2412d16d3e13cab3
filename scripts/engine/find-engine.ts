import type Docker from "dockerode";
import { createEngineClient, pingEngine } from "./engine-client.ts";
import { engineCandidates } from "./engine-candidates.ts";

export interface Engine {
  /** The engine's address, as DOCKER_HOST would have it. */
  readonly host: string;
  readonly docker: Docker;
}
export interface EngineSearch {
  /** The first engine that answered; null where none did. */
  readonly engine: Engine | null;
  /** What was tried without success, and why each failed. */
  readonly tried: readonly { readonly host: string; readonly reason: string }[];
}

/** Looks for a container engine that answers. Reads only: nothing is started or changed. */
export async function findEngine(env: NodeJS.ProcessEnv): Promise<EngineSearch> {
  const tried: { host: string; reason: string }[] = [];
  for (const host of await engineCandidates(env)) {
    const docker = clientFor(host, env);
    const reason = docker === null ? "not an address of an engine" : await pingEngine(docker);
    if (docker !== null && reason === null) return { engine: { host, docker }, tried };
    tried.push({ host, reason: reason ?? "" });
  }
  return { engine: null, tried };
}

function clientFor(host: string, env: NodeJS.ProcessEnv): Docker | null {
  try {
    return createEngineClient(host, env);
  } catch {
    return null; // DOCKER_HOST can hold anything; the client throws on what it cannot read
  }
}
