import type { Readable } from "node:stream";
import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import type { Sandbox, SandboxEnd } from "../sandbox-provider.ts";
import type { AgentConnection } from "./agent-connection.ts";
import { lifeByName } from "./container-life.ts";
import { useByName } from "./container-use.ts";
import { endContainer, removeContainer } from "./end-container.ts";
import type { Engine } from "./engine.ts";
import type { SandboxLogger } from "./start-container.ts";
import { takeOutputs } from "./take-outputs.ts";

/** A running container, as one owner of its Attempt has it. */
export interface OwnedContainer {
  readonly id: string;
  /** The name that this owner has given to it. */
  readonly name: string;
  /** Of the Job's processes, as "uid:gid". */
  readonly user: string;
  readonly connection: AgentConnection;
  readonly warm: boolean;
}

export interface DockerSandboxDeps {
  readonly engine: Engine;
  /** When an agent to which nobody speaks has surely ended itself, in ms. */
  readonly agentEndsItselfMs: number;
  readonly logger: SandboxLogger;
}

/**
 * A running container as the Sandbox of an Attempt. All that is asked of it goes by its owner's name of it, never by
 * its id: once a later owner has renamed it, an earlier one that wakes up finds nothing and can harm nothing.
 */
export function dockerSandbox(deps: DockerSandboxDeps, container: OwnedContainer): Sandbox {
  const { engine, logger } = deps;
  const { id, name, user, connection, warm } = container;
  const openStreams = new Set<Readable>();
  const outputDeps = { engine, container: name, openStreams, user, connection };
  let ending: Promise<SandboxEnd> | null = null;
  let silentSince: number | null = null;
  let givenUp = false;

  function letGo(reason: string): void {
    connection.close();
    silentSince ??= performance.now();
    for (const stream of openStreams) stream.destroy(new Error(reason));
  }

  async function endOnce(): Promise<SandboxEnd> {
    letGo("The Sandbox was ended.");
    try {
      return await endContainer(engine, name);
    } catch (error) {
      givenUp = silentSince !== null && performance.now() - silentSince > deps.agentEndsItselfMs;
      if (!givenUp) ending = null;
      if (!givenUp) throw error;
      logger.warn(
        { err: error, sandbox: id },
        "The engine does not end a Sandbox, whose agent has ended itself by now.",
      );
      return { exitCode: null, oomKilled: false, seen: false };
    }
  }

  return {
    ref: id,
    warm,
    frames: { [Symbol.asyncIterator]: () => ({ next: async () => iteration(await connection.next()) }) },
    breach: connection.breach,
    send: connection.send,
    onEgress: connection.onEgress,
    use: (signal) => useByName(engine, name, signal),
    alive: (signal) => lifeByName(engine, name, signal),
    takeOutputs: (options, signal) => takeOutputs(outputDeps, options, signal),
    detach: () => letGo("The Sandbox was let go."),
    end: () => (ending ??= endOnce()),
    remove: async () => (givenUp ? undefined : removeContainer(engine, name)),
  };
}

function iteration(frame: AgentFrame | null): IteratorResult<AgentFrame, undefined> {
  return frame === null ? { done: true, value: undefined } : { done: false, value: frame };
}
