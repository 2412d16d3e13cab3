import { Readable } from "node:stream";

/** A stream of Node's as the body of an answer. */
export function toBody(stream: Readable): ReadableStream<Uint8Array> {
  // safety: the web stream of node:stream/web and the global one are the same class under two declarations.
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}
