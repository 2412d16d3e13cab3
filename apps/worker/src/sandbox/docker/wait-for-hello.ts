import { wireVersion, type AgentFrame } from "@longshore/shared/contracts/agent-wire";
import type { AgentConnection } from "./agent-connection.ts";
import { NotAsAsked } from "./not-as-asked.ts";

const helloTimeoutMs = 10_000;

/** The connection ended, by no fault that showed, before there was a hello. */
export class EndedBeforeHello extends NotAsAsked {}

type Hello = Extract<AgentFrame, { type: "hello" }>;

/**
 * Waits for the agent's hello, for 10 s if not said otherwise, and closes the connection where it does not come in time. Throws `NotAsAsked`
 * where there is none, or one of another version. `askEngine` is called where the connection ended, and throws where
 * that is since the engine is away: that is thrown then.
 */
export async function waitForHello(
  connection: AgentConnection,
  signal: AbortSignal,
  askEngine: () => Promise<unknown>,
  timeoutMs = helloTimeoutMs,
): Promise<Hello> {
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  waiting.addEventListener("abort", connection.close, { once: true });
  if (waiting.aborted) connection.close();
  try {
    const frame = await connection.next();
    signal.throwIfAborted();
    if (frame?.type === "hello") {
      if (frame.version === wireVersion) return frame;
      throw new NotAsAsked(
        `Its agent speaks version ${String(frame.version)}, not ${String(wireVersion)}: its image is of another release.`,
      );
    }
    const silence = waiting.aborted ? `Its agent did not say hello in ${String(timeoutMs)} ms.` : null;
    if (connection.breach() === null && silence === null) await askEngine();
    const fault = connection.breach() ?? silence;
    if (fault === null) throw new EndedBeforeHello("It ended before its agent said hello.");
    throw new NotAsAsked(fault);
  } finally {
    waiting.removeEventListener("abort", connection.close);
  }
}
