import { message as messageSchema, type Message } from "../contracts/message.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Deliver, type MessageWorker, openMessageWorker } from "./open-message-worker.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { queueName } from "./queue-settings.ts";
import { createQueueState, type QueueStateName } from "./queue-state.ts";
import { releaseWithin } from "./within-bound.ts";

export interface MessageConsumer {
  /** Begins to take Messages; where the queue is away, as soon as it is there. */
  start(): void;
  /** No further `onMessage` is called once this was called. Resolves within a second. */
  stopTaking(): Promise<void>;
  /**
   * Stops taking, waits for the `onMessage` calls under way, and closes the connections. What is not done after
   * `boundMs` (5 s) has its signal aborted, and its Message is delivered again to another consumer.
   */
  close(boundMs?: number): Promise<void>;
  state(): QueueStateName;
}

export interface MessageConsumerDeps {
  readonly backend: QueueBackend;
  /** Messages that are in `onMessage` at once, at most. */
  readonly concurrency: number;
  /**
   * Handles a Message. The signal says that the queue may have given it to another consumer, or that this one closes;
   * the Lease in the database is what decides. Where it rejects the Message is over too: the queue never tries again.
   */
  readonly onMessage: (message: Message, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  /** Another queue than the service's own. */
  readonly name?: string;
}

const pauseBoundMs = 1_000;
const closeBoundMs = 5_000;

/** A consumer of Messages; takes none before `start`. A Message may come twice, late, or for an Attempt that is over. */
export function createMessageConsumer(deps: MessageConsumerDeps): MessageConsumer {
  const { backend, concurrency, logger, name = queueName } = deps;
  const state = createQueueState(logger);
  const closed = new AbortController();
  let stopped = false;
  let worker: MessageWorker | null = null;
  let closing: Promise<void> | undefined;

  const deliver: Deliver = async (payload, signal) => {
    if (stopped) return "give_back";
    const parsed = messageSchema.safeParse(payload);
    if (!parsed.success) {
      logger.error(
        { issues: parsed.error.issues.map((issue) => issue.message) },
        "dropped what is no message",
      );
      return "done";
    }
    try {
      await deps.onMessage(parsed.data, AbortSignal.any([signal, closed.signal]));
    } catch (error) {
      logger.error({ err: error, ...parsed.data }, "a message could not be handled");
    }
    return "done";
  };
  const stopTaking = async () => {
    stopped = true;
    const open = worker;
    if (open !== null) await releaseWithin(() => open.pause(), pauseBoundMs);
  };
  const close = async (boundMs: number) => {
    await stopTaking();
    state.end();
    const open = worker;
    if (open !== null && !(await releaseWithin(open.close, boundMs))) {
      closed.abort("the consumer was closed");
      open.abandon();
    }
    open?.abandon();
  };
  return {
    start: () => {
      if (!stopped) worker ??= openMessageWorker(backend, { name, concurrency }, deliver, state, logger);
    },
    stopTaking,
    close: (boundMs = closeBoundMs) => (closing ??= close(boundMs)),
    state: state.now,
  };
}
