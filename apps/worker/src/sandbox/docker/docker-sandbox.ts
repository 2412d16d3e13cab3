import type { Readable } from "node:stream";
import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import type { Sandbox, SandboxEnd, SandboxLife } from "../sandbox-provider.ts";
import type { AgentConnection } from "./agent-connection.ts";
import { endContainer, removeContainer } from "./end-container.ts";
import type { Engine } from "./engine.ts";
import { listOutputs, takeOutputs } from "./take-outputs.ts";

const aliveTimeoutMs = 4_000;

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

/**
 * A running container as the Sandbox of an Attempt. All that is asked of it goes by its owner's name of it, never by
 * its id: once a later owner has renamed it, an earlier one that wakes up finds nothing and can harm nothing.
 */
export function dockerSandbox(engine: Engine, container: OwnedContainer): Sandbox {
  const { id, name, user, connection, warm } = container;
  const openStreams = new Set<Readable>();
  const execDeps = { engine, container: name, openStreams, user };
  let ending: Promise<SandboxEnd> | null = null;

  function letGo(reason: string): void {
    connection.close();
    for (const stream of openStreams) stream.destroy(new Error(reason));
  }

  async function endOnce(): Promise<SandboxEnd> {
    letGo("The Sandbox was ended.");
    try {
      return await endContainer(engine, name);
    } catch (error) {
      ending = null;
      throw error;
    }
  }

  return {
    ref: id,
    warm,
    frames: { [Symbol.asyncIterator]: () => ({ next: async () => iteration(await connection.next()) }) },
    breach: connection.breach,
    send: connection.send,
    alive: (signal) => askLife(engine, name, signal),
    takeOutputs: ({ maxFileBytes }, signal) => takeOutputs(execDeps, maxFileBytes, signal),
    listOutputs: (signal) => listOutputs(execDeps, signal),
    detach: () => letGo("The Sandbox was let go."),
    end: () => (ending ??= endOnce()),
    remove: () => removeContainer(engine, name),
  };
}

async function askLife(engine: Engine, name: string, signal: AbortSignal): Promise<SandboxLife> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(aliveTimeoutMs)]);
  try {
    const found = await engine.inspect(name, bounded);
    return found?.State.Running === true && !found.State.Paused ? "running" : "gone";
  } catch {
    return "unknown";
  }
}

function iteration(frame: AgentFrame | null): IteratorResult<AgentFrame, undefined> {
  return frame === null ? { done: true, value: undefined } : { done: false, value: frame };
}
