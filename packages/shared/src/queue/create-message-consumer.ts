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
   * No further `onMessage` is called until {@link MessageConsumer.resume}, and what is in the queue stays there, for
   * other consumers too. Resolves within a second; twice, in whatever order with `start`, is as once.
   */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** True from the start to the stop, whether the queue is there or not. */
  isTaking(): boolean;
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
  let paused = false;
  let worker: MessageWorker | null = null;
  let closing: Promise<void> | undefined;

  const deliver = createDeliver(deps, () => !stopped && !paused, closed.signal);
  const stopTaking = async () => {
    stopped = true;
    const open = worker;
    if (open !== null) await releaseWithin(() => open.pause(), pauseBoundMs);
  };
  const setPaused = async (wanted: boolean) => {
    if (stopped || paused === wanted) return;
    paused = wanted;
    const open = worker;
    if (open !== null) await releaseWithin(() => (wanted ? open.pause() : open.resume()), pauseBoundMs);
  };
  const start = () => {
    if (stopped || worker !== null) return;
    worker = openMessageWorker(backend, { name, concurrency }, deliver, state, logger);
    if (paused) void releaseWithin(worker.pause, pauseBoundMs);
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
    start,
    stopTaking,
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    isTaking: () => worker !== null && !stopped,
    close: (boundMs = closeBoundMs) => (closing ??= close(boundMs)),
    state: state.now,
  };
}

function createDeliver(
  { onMessage, logger }: MessageConsumerDeps,
  takes: () => boolean,
  closed: AbortSignal,
): Deliver {
  return async (payload, signal) => {
    if (!takes()) return "give_back";
    const parsed = messageSchema.safeParse(payload);
    if (!parsed.success) {
      logger.error(
        { issues: parsed.error.issues.map((issue) => issue.message) },
        "dropped what is no message",
      );
      return "done";
    }
    try {
      await onMessage(parsed.data, AbortSignal.any([signal, closed]));
    } catch (error) {
      logger.error({ err: error, ...parsed.data }, "a message could not be handled");
    }
    return "done";
  };
}
