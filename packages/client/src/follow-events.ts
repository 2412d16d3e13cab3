import { createParser, type EventSourceMessage } from "eventsource-parser";
import { idInPath } from "./id-in-path.ts";
import type { OpenedStream, OpenStream } from "./open-stream.ts";
import { pause } from "./pause.ts";
import { isPassing, pauseAfter, toFailure } from "./send.ts";
import type { Job, JobEvent } from "./wire.ts";

export interface FollowEventsDeps {
  readonly open: OpenStream;
  readonly status: (id: string, signal: AbortSignal | undefined) => Promise<Job>;
  /** For how long a broken stream is taken up again without anything coming, in ms; a sign of life is something. */
  readonly patienceMs: number;
  readonly url: URL;
}

export interface FollowOptions {
  /** Begins after the event of this number. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** Streams that end without an event although the job has ended: twice, as one may be a server that is stopping. */
const emptyStreamsOfEndedJob = 2;

/**
 * Every event of a job after `after`, each once and in order, until its end. A connection that breaks is taken up after
 * the last event that came, with growing pauses; where nothing comes for `patienceMs` it throws a ConnectionError.
 */
export async function* followEvents(
  { open, status, patienceMs, url }: FollowEventsDeps,
  id: string,
  { after = 0, signal }: FollowOptions,
): AsyncGenerator<JobEvent, void, undefined> {
  const path = `events/${idInPath(id)}`;
  let last = after;
  let failures = 0;
  let emptyStreams = 0;
  let lastGood = performance.now();
  const somethingCame = () => void (lastGood = performance.now());
  for (;;) {
    let trouble: unknown = new Error("the stream ended before the job");
    let stream: OpenedStream | null = null;
    try {
      stream = await open(path, { "Last-Event-ID": String(last) }, signal);
      // A stream that breaks again and again at its beginning has brought nothing: comments come while it is quiet.
      for await (const event of readEvents(stream, somethingCame)) {
        if (event.seq <= last) continue;
        last = event.seq;
        yield event;
        somethingCame(); // what the caller took for it is not the line's time
        [failures, emptyStreams] = [0, 0];
        if (event.type === "end") return;
      }
      if (last === after && (await status(id, signal)).finished_at !== null) emptyStreams += 1;
      if (emptyStreams >= emptyStreamsOfEndedJob) return;
    } catch (error) {
      signal?.throwIfAborted();
      trouble = error;
    } finally {
      stream?.close();
    }
    failures += 1;
    if (!isPassing(trouble) || performance.now() - lastGood > patienceMs) throw toFailure(trouble, url.href);
    await pause(pauseAfter(trouble, failures), signal);
  }
}

async function* readEvents(
  stream: OpenedStream,
  onComment: () => void,
): AsyncGenerator<JobEvent, void, undefined> {
  let ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => void ready.push(message), onComment });
  const decoder = new TextDecoder();
  for (let piece = await stream.read(); piece !== null; piece = await stream.read()) {
    parser.feed(decoder.decode(piece, { stream: true }));
    const messages = ready;
    ready = [];
    for (const message of messages) yield toEvent(message);
  }
}

function toEvent({ event, id, data }: EventSourceMessage): JobEvent {
  // safety: the service's document says which data an event of this name has; numbers of events are whole numbers.
  return { type: event, seq: Number(id), data: JSON.parse(data) as unknown } as JobEvent;
}
