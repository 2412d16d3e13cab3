import type { Sandbox } from "../sandbox/sandbox-provider.ts";

export interface Acknowledger {
  /** The Events of the agent's frames up to `seq` are on disk. */
  stored(seq: number): void;
  stop(): void;
}

// The agent ends itself when it has heard from no worker for two minutes; a quiet Step gives nothing to acknowledge.
const repeatMs = 15_000;

/** Tells the agent what is on disk, and says the same again in quiet times, so that it knows that somebody is there. */
export function startAcknowledger(sandbox: Pick<Sandbox, "send">, after: number): Acknowledger {
  let last = after;
  const send = (): void => {
    sandbox.send({ type: "ack", seq: last }).catch(() => {
      // The connection is gone: `frames` ends and says so.
    });
  };
  const timer = setInterval(send, repeatMs);
  return {
    stored: (seq) => {
      last = seq;
      send();
    },
    stop: () => clearInterval(timer),
  };
}
