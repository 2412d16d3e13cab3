import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { JobView } from "@longshore/shared/contracts/job-view";
import { jobView, scheduled } from "@longshore/shared/contracts/job-view";
import type { EventSourceMessage } from "eventsource-parser";
import { EventSourceParserStream } from "eventsource-parser/stream";

/** The service's answer was not the expected one. `message` holds its own words. */
export class UnexpectedAnswer extends Error {}

const ANSWER_LIMIT_MS = 30_000;

/** Schedules a Job and gives its links. */
export async function scheduleJob(url: string, prompt: string): Promise<{ id: string; eventsLink: string }> {
  const response = await fetch(`${url}/schedule`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  if (response.status !== 202) throw await unexpected(response);
  const { job_id, events_link } = scheduled.parse(await response.json());
  return { id: job_id, eventsLink: events_link };
}

/** The Events of a Job, from the first to the last; the connection is taken up again where it breaks. */
export async function* followEvents(
  url: string,
  link: string,
  stop: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  let lastId = "0";
  for (;;) {
    const response = await fetch(`${url}${link}`, { headers: { "last-event-id": lastId }, signal: stop });
    if (response.status !== 200 || response.body === null) throw await unexpected(response);
    for await (const event of readEvents(response.body)) {
      lastId = event.id ?? lastId;
      yield event;
      if (event.event === "end") return;
    }
  }
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const messages = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  yield* messages;
}

/** The status of a Job. */
export async function readStatus(url: string, id: string): Promise<JobView> {
  const response = await fetch(`${url}/status/${id}`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  if (response.status !== 200) throw await unexpected(response);
  return jobView.parse(await response.json());
}

/** Downloads the Archive of a Job into `file`. */
export async function downloadArchive(
  url: string,
  link: string,
  file: string,
  stop: AbortSignal,
): Promise<void> {
  const response = await fetch(`${url}${link}`, { signal: stop });
  if (response.status !== 200 || response.body === null) throw await unexpected(response);
  await mkdir(dirname(file), { recursive: true });
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal: stop });
}

async function unexpected(response: Response): Promise<UnexpectedAnswer> {
  return new UnexpectedAnswer(
    `${response.url} answered ${response.status}: ${(await response.text()).slice(0, 2_000)}`,
  );
}
