import { type EventSourceMessage } from "eventsource-parser";
import { EventSourceParserStream } from "eventsource-parser/stream";

/** The events of a server-sent stream until it ends, or until `stop` aborts. */
export async function* readStream(
  response: Response,
  stop?: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  if (response.body === null) return;
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  try {
    for await (const message of messages) yield message;
  } catch (error) {
    if (stop?.aborted !== true) throw error;
  }
}
