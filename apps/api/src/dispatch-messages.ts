import type { Message } from "@longshore/shared/contracts/message";
import { createGatherer, type GatherOptions } from "@longshore/shared/runtime/gather";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createBackgroundWork } from "./background-work.ts";

export interface DispatchMessagesDeps {
  /** Gives new Messages to the queue; rejects, soon, where the queue is away. */
  readonly offerNew: (messages: readonly Message[]) => Promise<void>;
  readonly markDispatched: (messages: readonly Message[]) => Promise<void>;
  readonly logger: Logger;
}

export interface MessageDispatcher {
  /** Off the answer's path. What fails here is offered again by a sweep, as the Job's row is its own outbox. */
  dispatch(message: Message): void;
  /** Resolves when nothing is under way any more. */
  settle(): Promise<void>;
}

// Above it the queue is slower than the callers: the sweep takes the rest, and memory stays bounded.
const mostUnderWay = 1_000;
/** A statement of the queue must stay well below the second that an offer may take. */
const mostOffered = 100;
/** Under load, what comes within this time is given to the queue at once; what comes alone waits for nothing. */
const offerAfterMs = 20;
/**
 * A Message is noted a little later than it is sent: who takes it at once is not kept waiting by the note for the Job's
 * row, and then there is nothing to be noted. Far below what a sweep would offer again after.
 */
const markAfterMs = 50;

/**
 * Gives fresh Messages to the queue, those together that come while others are being given, and says once when that
 * begins to fail, and once when it works again.
 */
export function createMessageDispatcher({
  offerNew,
  markDispatched,
  logger,
}: DispatchMessagesDeps): MessageDispatcher {
  const sending = createBackgroundWork({
    most: mostUnderWay,
    onFailing: (reason) =>
      logger.warn({ reason }, "a message did not reach the queue: a sweep will offer it again"),
    onWell: () => logger.info("messages reach the queue again"),
  });
  const offer = gatherMessages(offerNew, { most: mostOffered, nextAfterMs: offerAfterMs });
  const mark = gatherMessages(markDispatched, {
    ...{ most: mostUnderWay, firstAfterMs: markAfterMs, nextAfterMs: markAfterMs },
  });
  return {
    dispatch: (message) =>
      void sending.start(async () => {
        await offer(message);
        await mark(message);
      }),
    settle: sending.settle,
  };
}

function gatherMessages(
  send: (messages: readonly Message[]) => Promise<void>,
  bounds: Omit<GatherOptions<Message, Message>, "perform">,
): (message: Message) => Promise<Message> {
  const perform = async (messages: readonly Message[]) => {
    await send(messages);
    return messages;
  };
  return createGatherer({ ...bounds, perform });
}
