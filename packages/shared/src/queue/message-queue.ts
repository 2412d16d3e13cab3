import type { Message } from "../contracts/message.ts";

/** How many Messages there are in the queue. */
export interface MessageCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
}

/** Where a Message can be that has not been delivered to its end. */
export const openStates = ["wait", "active", "delayed", "prioritized"] as const;

export type OpenState = (typeof openStates)[number];

/** How it is with what has an id: `over` where it is kept, and its delivery has ended. */
export type MessageState = "unknown" | "waits" | "is_delivered" | "over";

/** A Message, and the id that it is to have in the queue. */
export interface QueueEntry {
  readonly id: string;
  readonly message: Message;
}

/** What a sender needs of an open queue. Every call rejects where the queue is away; none is bounded. */
export interface MessageQueue {
  /** Adds the Message under this id unless that is there already, in whatever state. */
  add(id: string, message: Message, delayMs: number): Promise<void>;
  /** The same of several at once. */
  addAll(entries: readonly QueueEntry[]): Promise<void>;
  stateOf(id: string): Promise<MessageState>;
  /** Ids of Messages in this state, from the `first` (counted from 0), at most `count`. */
  ids(state: OpenState, first: number, count: number): Promise<readonly string[]>;
  /** Removes what has this id. False where it is being delivered. */
  removeId(id: string): Promise<boolean>;
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
