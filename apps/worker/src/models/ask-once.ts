import { type FormatTry, isFormatRefusal } from "./answer-format.ts";
import { classifyFailure } from "./classify-failure.ts";
import { createExchange } from "./exchange.ts";
import type { ModelAnswer } from "./model-provider.ts";

export interface OneRequest {
  /** Asks by the client library, over this fetch. What it gives has not been checked. */
  readonly send: (boundedFetch: typeof fetch) => Promise<unknown>;
  /** Reads what the library gave. */
  readonly read: (given: unknown) => ModelAnswer;
  /** Never shown in a reason. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}

/** One HTTP request of a call. Whatever the library throws, the answer is made from what was seen on the wire. */
export async function askOnce({ send, read, secrets, signal }: OneRequest): Promise<FormatTry> {
  const exchange = createExchange();
  let given: unknown;
  try {
    signal.throwIfAborted(); // the Gemini client only listens for an abort to come
    given = await send(exchange.fetch);
  } catch {
    const seen = exchange.seen();
    return { answer: classifyFailure(seen, signal, secrets), formatRefused: isFormatRefusal(seen) };
  }
  return { answer: read(given), formatRefused: false };
}
