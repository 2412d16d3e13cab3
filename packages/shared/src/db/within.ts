import { DatabaseAway } from "./database-away.ts";

/** How long a statement may take, waiting for a connection included. */
export const statementBoundMs = 10_000;

/**
 * Statements of this process that are with postgres.js at once, and that wait for their turn. It queues without a bound
 * itself, and what it has sends itself late when a frozen server goes on, whoever has given it up meanwhile; what still
 * waits here is then not sent at all.
 */
export const mostSent = 24;
export const mostWaiting = 500;
let sent = 0;
const waiting = new Set<() => void>();

/**
 * Waits for a statement at most `boundMs`, then throws {@link DatabaseAway}: a full pool of postgres.js waits for ever.
 * Throws it at once where {@link mostWaiting} others wait already.
 * The statement itself goes on: the server ends it after its statement_timeout, and where the server was frozen it may
 * still run when that goes on, so that every write must be harmless late. It is not cancelled: the `cancel()` of
 * postgres.js 3.4 opens a connection whose failure nobody can handle, which ends the process, and loses a connection of
 * the pool for good where that was just being made.
 */
export async function within<Rows>(statement: PromiseLike<Rows>, boundMs = statementBoundMs): Promise<Rows> {
  // What runs already is made of statements that come by here themselves.
  const turn = isUnstarted(statement) ? takeTurn() : null;
  const answer = turn === null ? statement : turn.come.then(() => send(statement));
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DatabaseAway(`the database did not answer within ${String(boundMs)} ms`));
    }, boundMs);
  });
  try {
    return await Promise.race([answer, bound]);
  } finally {
    clearTimeout(timer);
    turn?.leave();
  }
}

/** A statement of postgres.js or drizzle is sent when it is first waited for. */
function isUnstarted(statement: object): boolean {
  return "execute" in statement;
}

interface Turn {
  readonly come: Promise<void>;
  /** What has not come by now never comes. */
  leave(): void;
}

function takeTurn(): Turn {
  if (sent < mostSent) {
    sent += 1;
    return { come: Promise.resolve(), leave: () => undefined };
  }
  if (waiting.size >= mostWaiting) {
    throw new DatabaseAway(`${String(mostWaiting)} statements wait for the database already`);
  }
  const { promise: come, resolve: wake } = Promise.withResolvers<void>();
  waiting.add(wake);
  return { come, leave: () => void waiting.delete(wake) };
}

async function send<Rows>(statement: PromiseLike<Rows>): Promise<Rows> {
  try {
    return await statement;
  } finally {
    // The place goes to whoever has waited longest.
    const [next] = waiting;
    if (next === undefined) sent -= 1;
    else waiting.delete(next);
    next?.();
  }
}
