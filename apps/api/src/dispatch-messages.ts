import type { Message } from "@longshore/shared/contracts/message";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createBackgroundWork } from "./background-work.ts";

export interface DispatchMessagesDeps {
  /** Gives a Message to the queue; rejects, soon, where the queue is away. */
  readonly offer: (message: Message) => Promise<void>;
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

/** Gives fresh Messages to the queue, and says once when that begins to fail, and once when it works again. */
export function createMessageDispatcher({
  offer,
  markDispatched,
  logger,
}: DispatchMessagesDeps): MessageDispatcher {
  const sending = createBackgroundWork({
    most: mostUnderWay,
    onFailing: (reason) =>
      logger.warn({ reason }, "a message did not reach the queue: a sweep will offer it again"),
    onWell: () => logger.info("messages reach the queue again"),
  });
  return {
    dispatch: (message) =>
      void sending.start(async () => {
        await offer(message);
        await markDispatched([message]);
      }),
    settle: sending.settle,
  };
}
