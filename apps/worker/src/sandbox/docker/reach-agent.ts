import { setTimeout as pause } from "node:timers/promises";
import { relayProgram, relayUser } from "@longshore/shared/contracts/agent-wire";
import type { AdoptionSpec } from "../sandbox-provider.ts";
import { createAgentConnection, type AgentConnection } from "./agent-connection.ts";
import { engineStatus } from "./engine-call.ts";
import type { DuplexExec, Engine } from "./engine.ts";
import { NotAsAsked } from "./not-as-asked.ts";
import { EndedBeforeHello, waitForHello } from "./wait-for-hello.ts";

/** An agent that has taken a later owner's word, over a connection of its own. */
export interface ReachedAgent {
  readonly connection: AgentConnection;
  readonly running: boolean;
}

/** How long an agent that was just started, by a worker that died, may take until it listens. */
const agentStartMs = 15_000;
/** A machine that is overloaded is no reason to give up what a Job has done. */
const helloMs = 15_000;
const agentPauseMs = 100;
const exitCodeTries = 10;
/** The relay's exit code where the agent closed without a word: it has a later owner. */
const refusedCode = 3;

/**
 * Runs the relay in a container, shows who we are, and waits for the agent's hello. Null where the container has gone,
 * stopped or been renamed meanwhile; "refused" where the agent has had an owner of this epoch or a later one. Throws
 * `NotAsAsked` where the agent does not answer as it should.
 */
export async function reachAgent(
  engine: Engine,
  name: string,
  spec: AdoptionSpec,
  signal: AbortSignal,
): Promise<ReachedAgent | "refused" | null> {
  const giveUpAt = performance.now() + agentStartMs;
  for (;;) {
    const relay = await openRelay(engine, name, signal);
    if (relay === null) return null;
    try {
      return await resume(relay.stream, spec, signal, () => engine.inspect(name, signal));
    } catch (error) {
      if (!(error instanceof EndedBeforeHello)) throw error;
      if ((await exitCodeSoon(relay, signal)) === refusedCode) return "refused";
      if (performance.now() > giveUpAt) throw error;
      await pause(agentPauseMs, undefined, { signal });
    }
  }
}

/** Its output ends a moment before the engine has its exit code. */
async function exitCodeSoon({ exitCode }: DuplexExec, signal: AbortSignal): Promise<number | null> {
  for (let count = 0; count < exitCodeTries; count += 1) {
    const code = await exitCode(signal);
    if (code !== null) return code;
    await pause(agentPauseMs, undefined, { signal });
  }
  return null;
}

async function openRelay(engine: Engine, name: string, signal: AbortSignal): Promise<DuplexExec | null> {
  try {
    return await engine.execDuplex(name, { command: [relayProgram], user: relayUser }, signal);
  } catch (error) {
    const status = engineStatus(error) ?? 0;
    if (status === 404 || status === 409) return null;
    if (status >= 400 && status < 500)
      throw new NotAsAsked("Its agent could not be reached.", { cause: error });
    throw error;
  }
}

async function resume(
  stream: DuplexExec["stream"],
  { after, epoch, token }: AdoptionSpec,
  signal: AbortSignal,
  askEngine: () => Promise<unknown>,
): Promise<ReachedAgent> {
  const connection = createAgentConnection(stream);
  try {
    // A relay that is gone shows by the hello that does not come.
    connection.send({ type: "resume", after, epoch, token }).catch(() => undefined);
    const { running } = await waitForHello(connection, signal, askEngine, helloMs);
    return { connection, running };
  } catch (error) {
    connection.close();
    throw error;
  }
}
