import type { Message } from "@longshore/shared/contracts/message";
import type { Undelivered } from "@longshore/shared/db/undelivered-jobs";
import type { Sweep } from "./create-sweep.ts";

export interface OfferUndeliveredDeps {
  readonly findUndelivered: (options: {
    readonly reofferAfterSeconds: number;
    readonly limit: number;
  }) => Promise<readonly Undelivered[]>;
  readonly offer: (message: Message) => Promise<void>;
  /** Of what was offered before. */
  readonly offerAgain: (message: Message) => Promise<void>;
  readonly markDispatched: (messages: readonly Message[]) => Promise<void>;
}

// A Message that was lost with its Redis, or taken in vain, is missed after this; one that merely waits is offered again
// to no effect.
const reofferAfterSeconds = 30;
const batch = 200;

/** Gives the queue what it does not have: the row is its own outbox. Offered first and noted then, so that a crash in between offers twice. */
export function offerUndelivered(deps: OfferUndeliveredDeps): Sweep {
  const { findUndelivered, offer, offerAgain, markDispatched } = deps;
  return {
    name: "offer-undelivered",
    everyMs: 1_000,
    run: async (signal) => {
      const undelivered = await findUndelivered({ reofferAfterSeconds, limit: batch });
      const offered: Message[] = [];
      try {
        for (const { message, dispatched } of undelivered) {
          if (signal.aborted) break;
          await (dispatched ? offerAgain(message) : offer(message));
          offered.push(message);
        }
      } finally {
        if (offered.length > 0) await markDispatched(offered);
      }
    },
  };
}
