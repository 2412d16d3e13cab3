import { createHash, type Hash } from "node:crypto";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../seeded-random.ts";

/** What a reader of /events has got, over all its connections. */
export interface StreamRecord {
  lastSeq: number;
  ended: boolean;
  connections: number;
  /** Why it is wrong, where it is. */
  fault: string | null;
  /** Of number and kind of each event, and the text of each log line. */
  readonly digest: Hash;
}

export interface FollowOptions {
  /** The service's address, drawn anew for each connection. */
  readonly url: () => string;
  readonly random: Random;
  /** Whether the reader drops its connection now and then and comes back. */
  readonly cuts: boolean;
  readonly stop: AbortSignal;
}

/** Adds an event to a digest, as the reader and as the checker sees it. */
export function digestEvent(digest: Hash, seq: number, type: string, text: string): void {
  digest.update(`${String(seq)} ${type} ${text}\n`);
}

/** Reads the events of a Job to their end, resuming after what it has. Never rejects. */
export async function followStream(jobId: string, options: FollowOptions): Promise<StreamRecord> {
  const record: StreamRecord = {
    ...{ lastSeq: 0, ended: false, connections: 0, fault: null },
    digest: createHash("sha256"),
  };
  while (!record.ended && record.fault === null && !options.stop.aborted) {
    try {
      await readOnce(jobId, record, options);
    } catch {
      // Cut, by us or by a fault: it comes back.
    }
    if (!record.ended) await pause(options.random.between(50, 600));
  }
  return record;
}

async function readOnce(
  jobId: string,
  record: StreamRecord,
  { url, random, cuts, stop }: FollowOptions,
): Promise<void> {
  const cut = new AbortController();
  const timer =
    cuts && random.chance(0.8) ? setTimeout(() => cut.abort(), random.between(100, 5_000)) : undefined;
  try {
    const headers = record.lastSeq === 0 ? {} : { "last-event-id": String(record.lastSeq) };
    const response = await fetch(`${url()}/events/${jobId}`, {
      headers,
      signal: AbortSignal.any([cut.signal, stop]),
    });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return;
    }
    record.connections += 1;
    const messages = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { id, event = "", data } of messages) {
      const seq = Number(id);
      if (seq !== record.lastSeq + 1) {
        record.fault = `event ${String(id)} came after event ${String(record.lastSeq)} on the stream`;
        return;
      }
      // safety: the contract says that data is one JSON object.
      const { text = "" } = JSON.parse(data) as { text?: string };
      digestEvent(record.digest, seq, event, event === "log" ? text : "");
      record.lastSeq = seq;
      if (event === "end") record.ended = true;
    }
  } finally {
    clearTimeout(timer);
  }
}
