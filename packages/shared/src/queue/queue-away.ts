/** The queue did not take what it was given: away, frozen, full, read-only. `message` is a sentence for a person. */
export class QueueAway extends Error {
  override readonly name = "QueueAway";

  /** True where all that is known is that there is no connection. */
  get isLostConnection(): boolean {
    return this.message === lostConnection;
  }

  get isTimeout(): boolean {
    return this.message === noAnswer;
  }
}

const noAnswer = "the queue did not answer in time";
const lostConnection = "the connection to the queue was lost";

// What Redis, ioredis and pg say, and what it means for whoever operates it. The first match wins.
const sayings: readonly (readonly [RegExp, string])[] = [
  [/\bOOM\b|maxmemory/, "Redis is out of memory"],
  [/READONLY/, "Redis is a read-only replica"],
  [/WRONGPASS|NOAUTH|invalid password|without any password/, "Redis refuses the password"],
  [/NOPERM/, "Redis does not permit the commands that are needed"],
  [/MISCONF/, "Redis cannot write to its disk"],
  [/LOADING/, "Redis is still loading its data"],
  [/password authentication failed/, "Postgres refuses the password"],
  [/timed out|timeout|ETIMEDOUT/i, noAnswer],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/, "the queue cannot be reached"],
  [/Connection is closed|ECONNRESET|EPIPE|writeable|Connection terminated|57P0\d/, lostConnection],
];

/** Any error of a queue as {@link QueueAway}, with the error as its cause. The message holds no address. */
export function toQueueAway(error: unknown): QueueAway {
  if (error instanceof QueueAway) return error;
  const text = textOf(error);
  const found = sayings.find(([form]) => form.test(text));
  return new QueueAway(found?.[1] ?? "the queue failed", { cause: error });
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join("; ");
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  return `${error.message}${code}`;
}
