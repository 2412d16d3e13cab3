import type { Readable } from "node:stream";
import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import type { Sandbox, SandboxEnd, SandboxLife } from "../sandbox-provider.ts";
import { endContainer, removeContainer } from "./end-container.ts";
import type { Engine } from "./engine.ts";
import type { RunningContainer } from "./start-container.ts";
import { listOutputs, takeOutputs } from "./take-outputs.ts";

const aliveTimeoutMs = 4_000;

/** A running container as the Sandbox of an Attempt. */
export function dockerSandbox(engine: Engine, container: RunningContainer, warm: boolean): Sandbox {
  const { id, connection, spec } = container;
  const openStreams = new Set<Readable>();
  const execDeps = { engine, id, openStreams, user: `${String(spec.uid)}:${String(spec.uid)}` };
  let ending: Promise<SandboxEnd> | null = null;

  async function endOnce(): Promise<SandboxEnd> {
    connection.close();
    for (const stream of openStreams) stream.destroy(new Error("The Sandbox was ended."));
    try {
      return await endContainer(engine, id);
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
    alive: (signal) => askLife(engine, id, signal),
    takeOutputs: ({ maxFileBytes }, signal) => takeOutputs(execDeps, maxFileBytes, signal),
    listOutputs: (signal) => listOutputs(execDeps, signal),
    end: () => (ending ??= endOnce()),
    remove: () => removeContainer(engine, id),
  };
}

async function askLife(engine: Engine, id: string, signal: AbortSignal): Promise<SandboxLife> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(aliveTimeoutMs)]);
  try {
    const found = await engine.inspect(id, bounded);
    return found?.State.Running === true && !found.State.Paused ? "running" : "gone";
  } catch {
    return "unknown";
  }
}

function iteration(frame: AgentFrame | null): IteratorResult<AgentFrame, undefined> {
  return frame === null ? { done: true, value: undefined } : { done: false, value: frame };
}
