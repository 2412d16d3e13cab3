import { setTimeout as pause } from "node:timers/promises";
import { type Message, messageId, secondMessageId } from "../contracts/message.ts";
import type { Logger } from "../runtime/logger.ts";
import { type MessageCounts, type MessageQueue, type OpenState, openStates } from "./message-queue.ts";
import { openMessageQueue } from "./open-message-queue.ts";
import { toQueueAway } from "./queue-away.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { queueName } from "./queue-settings.ts";
import { createQueueState } from "./queue-state.ts";
import { releaseWithin, withinBound } from "./within-bound.ts";

/** What lies in the queue, for whoever checks it. Every call rejects with QueueAway after 15 s in which the queue is away. */
export interface MessageLedger {
  counts(): Promise<MessageCounts>;
  /**
   * The ids of all Messages that are not over, in pages. The queue goes on meanwhile: one that is taken just then may be
   * missing, or come twice.
   */
  pages(): AsyncGenerator<{ readonly state: OpenState; readonly ids: readonly string[] }>;
  /** Whether a Message of this Attempt waits, or is being delivered. */
  isThere(message: Message): Promise<boolean>;
  /** Removes what has this id. False where it is being delivered. */
  remove(id: string): Promise<boolean>;
  /** Resolves within 2 s. */
  close(): Promise<void>;
}

const askBoundMs = 5_000;
const awayBoundMs = 15_000;
const retryMs = 250;
const closeBoundMs = 2_000;
const idsPerPage = 500;
// What BullMQ before version 6 kept in the list of what waits, as a sign for its workers; it is no Message.
const marker = /^0:/;

/** Opens the queue to look into it. Never fails: a queue that is away shows itself at the first question. */
export function createMessageLedger(deps: {
  readonly backend: QueueBackend;
  readonly logger: Logger;
  /** Another queue than the service's own. */
  readonly name?: string;
}): MessageLedger {
  const state = createQueueState(deps.logger);
  const queue = openMessageQueue(deps.backend, deps.name ?? queueName, state, deps.logger);
  const askOnce = async <Value>(question: (open: MessageQueue) => Promise<Value>): Promise<Value> => {
    const answer = state.whenKnown().then(() => question(queue));
    return withinBound(answer, askBoundMs).catch((error: unknown) => {
      throw state.fault() ?? toQueueAway(error);
    });
  };
  // The queue's own bounds are made for a sender, who has a caller waiting: who only looks can wait for a busy machine.
  const ask = async <Value>(question: (open: MessageQueue) => Promise<Value>): Promise<Value> => {
    const until = performance.now() + awayBoundMs;
    for (;;) {
      try {
        return await askOnce(question);
      } catch (error) {
        if (performance.now() > until) throw error;
        await pause(retryMs);
      }
    }
  };
  return {
    counts: () => ask((open) => open.counts()),
    pages: async function* () {
      for (const open of openStates) {
        for (let first = 0; ; first += idsPerPage) {
          const ids = await ask((from) => from.ids(open, first, idsPerPage));
          yield { state: open, ids: ids.filter((id) => !marker.test(id)) };
          if (ids.length < idsPerPage) break;
        }
      }
    },
    isThere: async (message) => {
      const ids = [messageId(message), secondMessageId(message)];
      const states = await Promise.all(ids.map((id) => ask((open) => open.stateOf(id))));
      return states.some((state) => state === "waits" || state === "is_delivered");
    },
    remove: (id) => ask((open) => open.removeId(id)),
    close: async () => {
      state.end();
      await releaseWithin(queue.close, closeBoundMs);
      queue.abandon();
    },
  };
}
