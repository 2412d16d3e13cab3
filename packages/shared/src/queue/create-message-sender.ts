import { type Message, messageId, secondMessageId } from "../contracts/message.ts";
import type { Logger } from "../runtime/logger.ts";
import type { MessageCounts, MessageQueue } from "./message-queue.ts";
import { openMessageQueue } from "./open-message-queue.ts";
import { QueueAway, toQueueAway } from "./queue-away.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { offerBoundMs, queueName } from "./queue-settings.ts";
import { createQueueState, type QueueStateName } from "./queue-state.ts";
import { releaseWithin, withinBound } from "./within-bound.ts";

export interface MessageSender {
  /**
   * Gives a Message to the queue, to be delivered after `delayMs`. A second offer of one that waits, or is being
   * delivered, changes nothing; one whose delivery is over is delivered again. Rejects with {@link QueueAway} within
   * a second; the Message may then be in the queue all the same.
   */
  offer(message: Message, delayMs?: number): Promise<void>;
  /**
   * As `offer`, of several that the queue has never had, as their Jobs have just been stored: it does not ask for them
   * first. Where it rejects, some of them may be in the queue all the same.
   */
  offerNew(messages: readonly Message[]): Promise<void>;
  /**
   * As `offer`, of what was offered long ago and waits all the same. Where its Message is being delivered, that one has
   * brought another Attempt to run, maybe for hours; a second one is then sent beside it. Once more changes nothing.
   */
  offerAgain(message: Message): Promise<void>;
  /** Resolves where the queue takes Messages. Rejects with {@link QueueAway} within a second. */
  ping(): Promise<void>;
  /** Rejects as `ping` does. */
  counts(): Promise<MessageCounts>;
  /** How the connection is, as far as is known without asking. */
  state(): QueueStateName;
  /** Resolves within 2 s, whatever state the queue is in. */
  close(): Promise<void>;
}

export interface MessageSenderDeps {
  readonly backend: QueueBackend;
  readonly logger: Logger;
  /** Another queue than the service's own. */
  readonly name?: string;
}

const closeBoundMs = 2_000;
// So long after a time-out nothing is sent: else each offer to a frozen queue would wait for a time-out of its own.
const pauseAfterTimeoutMs = 1_000;

/** Opens the queue for sending. Never fails: a queue that is away shows itself at the first offer. */
export function createMessageSender({ backend, logger, name = queueName }: MessageSenderDeps): MessageSender {
  const state = createQueueState(logger);
  const queue = openMessageQueue(backend, name, state, logger);
  let silentUntil = 0;
  let closing: Promise<void> | undefined;

  const ask = async <Value>(question: (open: MessageQueue) => Promise<Value>): Promise<Value> => {
    if (closing !== undefined) throw new QueueAway("the queue was closed");
    const known = state.fault();
    if (known !== null && performance.now() < silentUntil) throw known;
    const answer = state.whenKnown().then(() => question(queue));
    try {
      const value = await withinBound(answer, offerBoundMs);
      state.onReady();
      return value;
    } catch (error) {
      state.onAway(error);
      const fault = state.fault() ?? toQueueAway(error);
      if (fault.isTimeout) silentUntil = performance.now() + pauseAfterTimeoutMs;
      throw fault;
    }
  };

  return {
    offer: (message, delayMs = 0) => ask((open) => offerAs(messageId(message), open, message, delayMs)),
    offerNew: (messages) =>
      ask((open) => open.addAll(messages.map((message) => ({ id: messageId(message), message })))),
    offerAgain: (message) => ask((open) => offerBeside(open, message)),
    ping: () => ask((open) => open.probe()),
    counts: () => ask((open) => open.counts()),
    state: state.now,
    close: () => {
      state.end();
      closing ??= releaseWithin(queue.close, closeBoundMs).then(queue.abandon);
      return closing;
    },
  };
}

/** Asks first: to add what is there already, finished or not, changes nothing. */
async function offerAs(id: string, queue: MessageQueue, message: Message, delayMs: number): Promise<void> {
  if ((await queue.stateOf(id)) === "over") await queue.removeId(id);
  await queue.add(id, message, delayMs);
}

async function offerBeside(queue: MessageQueue, message: Message): Promise<void> {
  const first = messageId(message);
  const isBusy = (await queue.stateOf(first)) === "is_delivered";
  await offerAs(isBusy ? secondMessageId(message) : first, queue, message, 0);
}
