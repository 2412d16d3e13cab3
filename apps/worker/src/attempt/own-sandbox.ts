import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import { letGo } from "./let-go.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { startAcknowledger } from "./start-acknowledger.ts";

/** A Sandbox for as long as it is this Attempt's. */
export interface OwnSandbox {
  /** The end of that, on every path. */
  letGo(): Promise<void>;
}

/**
 * Speaks to the agent of an Attempt's Sandbox until that is let go of: taking its outputs may take longer than an agent
 * waits for a word. The agent's frames up to `after` were on disk before.
 */
export function ownSandbox(
  attempt: Pick<OpenAttempt, "onAgentSeqStored" | "fenced" | "logger">,
  sandbox: Sandbox,
  after: number,
): OwnSandbox {
  const acknowledger = startAcknowledger(sandbox, after);
  attempt.onAgentSeqStored((seq) => acknowledger.stored(seq));
  return {
    letGo: () => {
      acknowledger.stop();
      return letGo(attempt, sandbox);
    },
  };
}
