import { createHash, timingSafeEqual } from "node:crypto";
import type { ResumeFrame } from "../wire/read-worker-frame.ts";

/** A worker's way to the agent and back: the container's stdin and stdout, or a relay. */
export interface Connection {
  send(frame: Buffer): void;
  /** Nothing more goes out on it, and what waits is forgotten. Idempotent. */
  close(): void;
}

/** Whom the agent listens to and what it tells to whom: at any time at most one connection, its owner's. */
export interface Ownership {
  isOwner(connection: Connection): boolean;
  /** To the owner; to nobody where it is lost. What is not acknowledged is sent again to the next one. */
  send(frame: Buffer): void;
  /** The Job has come: whoever shows this from now on is its owner. The first token stays. */
  setToken(token: string): void;
  /**
   * Makes `connection` the owner where its `resume` has the token and an epoch above all before, and closes the one
   * before. False, and nothing has changed, where it has not.
   */
  admit(connection: Connection, resume: ResumeFrame): boolean;
  /** The connection has ended. The work goes on without an owner, where it was the owner's. */
  lose(connection: Connection): void;
}

/** `first` is the owner until somebody else shows a first `resume`. */
export function createOwnership(first: Connection): Ownership {
  let owner: Connection | null = first;
  let token: string | null = null;
  let highestEpoch = 0;

  return {
    isOwner: (connection) => connection === owner,
    send: (frame) => owner?.send(frame),
    setToken(ofJob) {
      token ??= ofJob;
    },
    admit(connection, resume) {
      if (token !== null && !isSame(token, resume.token)) return false;
      if (resume.epoch <= highestEpoch) return false;
      highestEpoch = resume.epoch;
      owner?.close();
      owner = connection;
      return true;
    },
    lose(connection) {
      if (connection !== owner) return;
      owner.close();
      owner = null;
    },
  };
}

/** Takes as long for any two texts: a Step may try tokens, and must not learn how much of one was right. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
