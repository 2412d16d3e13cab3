import type { Message } from "@longshore/shared/contracts/message";
import type { Sweep } from "./create-sweep.ts";

export interface OfferUndeliveredDeps {
  readonly findUndelivered: (options: {
    readonly reofferAfterSeconds: number;
    readonly limit: number;
  }) => Promise<readonly Message[]>;
  readonly offer: (message: Message) => Promise<void>;
  readonly markDispatched: (messages: readonly Message[]) => Promise<void>;
}

// A Message that was lost with its Redis is missed after this; one that merely waits is offered again to no effect.
const reofferAfterSeconds = 30;
const batch = 200;

/** Gives the queue what it does not have: the row is its own outbox. Offered first and noted then, so that a crash in between offers twice. */
export function offerUndelivered({ findUndelivered, offer, markDispatched }: OfferUndeliveredDeps): Sweep {
  return {
    name: "offer-undelivered",
    everyMs: 1_000,
    run: async (signal) => {
      const messages = await findUndelivered({ reofferAfterSeconds, limit: batch });
      const offered: Message[] = [];
      try {
        for (const message of messages) {
          if (signal.aborted) break;
          await offer(message);
          offered.push(message);
        }
      } finally {
        if (offered.length > 0) await markDispatched(offered);
      }
    },
  };
}
