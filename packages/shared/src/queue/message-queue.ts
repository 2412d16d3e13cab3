import type { Message } from "../contracts/message.ts";

/** How many Messages there are in the queue. */
export interface MessageCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
}

/** What a sender needs of an open queue. Every call rejects where the queue is away; none is bounded. */
export interface MessageQueue {
  /** Adds the Message unless its id is there already, in whatever state. */
  add(message: Message, delayMs: number): Promise<void>;
  /** True where the Message is still there, but its delivery is over. */
  isFinished(message: Message): Promise<boolean>;
  remove(message: Message): Promise<void>;
  counts(): Promise<MessageCounts>;
  /** Resolves where the queue takes writes. */
  probe(): Promise<void>;
  /** Closes its connections. May hang where the queue is away: `abandon` then drops them. */
  close(): Promise<void>;
  abandon(): void;
}

/** Is told how the connection is: that it stands, now and after each loss, or that it does not. */
export interface QueueWatch {
  onReady(): void;
  onAway(error: unknown): void;
}
