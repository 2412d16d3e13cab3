import { createHash } from "node:crypto";
import type { JobView } from "@longshore/shared/contracts/job-view";
import type { LogLine } from "@longshore/shared/contracts/log-line";
import { createParser } from "eventsource-parser";
import { readZip, type ZipContent } from "./read-zip.ts";

/** An Event as a client of /events gets it. */
export interface StreamedEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a client of the HTTP contract can do; nothing else is known of the service. */
export interface JobClient {
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Schedules a Job and gives its id; throws unless the answer is 202. */
  schedule(body: object): Promise<string>;
  status(id: string): Promise<JobView>;
  /** Waits for the terminal status by polling; throws after `boundMs`. */
  ended(id: string, boundMs?: number): Promise<JobView>;
  /** Follows /events after `after` until the server closes or `signal` aborts. */
  events(id: string, after?: number, signal?: AbortSignal): AsyncGenerator<StreamedEvent>;
  /** Every line of the log. */
  lines(id: string): Promise<readonly LogLine[]>;
  /** What the programs printed, as text. */
  printed(id: string): Promise<string>;
  download(
    id: string,
  ): Promise<{ readonly bytes: Buffer; readonly sha256: string; readonly zip: ZipContent }>;
  /** The same for somebody who brings this API key. */
  withKey(key: string): JobClient;
}

const pollMs = 50;

/** A client of the service at `url`, which brings an API key where one is given. */
export function createJobClient(url: string, key: string | null = null): JobClient {
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (key !== null) headers.set("Authorization", `Bearer ${key}`);
    return fetch(new URL(path, url), { ...init, headers });
  };
  const json = async <Body>(path: string): Promise<Body> => {
    const response = await request(path);
    if (!response.ok) throw new Error(`GET ${path} is ${String(response.status)}: ${await response.text()}`);
    // safety: the contract's own tests hold the answers against their schemas.
    return (await response.json()) as Body;
  };
  const status = (id: string) => json<JobView>(`/status/${id}`);
  const lines = async (id: string) => {
    const all: LogLine[] = [];
    for (let after = 0; ;) {
      const page = await json<{ lines: LogLine[]; next_after: number; complete: boolean }>(
        `/logs/${id}?after=${String(after)}&limit=10000`,
      );
      all.push(...page.lines);
      if (page.complete || page.lines.length === 0) return all;
      after = page.next_after;
    }
  };
  return {
    request,
    status,
    lines,
    schedule: async (body) => {
      const response = await request("/schedule", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (response.status !== 202) throw new Error(`not scheduled: ${await response.text()}`);
      // safety: as above.
      return ((await response.json()) as { job_id: string }).job_id;
    },
    ended: async (id, boundMs = 60_000) => {
      const until = Date.now() + boundMs;
      for (;;) {
        const job = await status(id);
        if (job.finished_at !== null) return job;
        if (Date.now() > until)
          throw new Error(`the job has not ended in ${String(boundMs)} ms: ${JSON.stringify(job)}`);
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    },
    events: async function* (id, after = 0, signal) {
      const response = await request(`/events/${id}`, {
        headers: after === 0 ? {} : { "last-event-id": String(after) },
        ...(signal === undefined ? {} : { signal }),
      });
      if (response.body === null || !response.ok) throw new Error(`no events: ${String(response.status)}`);
      yield* parseEvents(response.body);
    },
    printed: async (id) => {
      const response = await request(`/logs/${id}?format=text&limit=10000`);
      return response.text();
    },
    download: async (id) => {
      const response = await request(`/download/${id}`);
      if (response.status !== 200) throw new Error(`no archive: ${await response.text()}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      return { bytes, sha256: createHash("sha256").update(bytes).digest("hex"), zip: await readZip(bytes) };
    },
    withKey: (other) => createJobClient(url, other),
  };
}

async function* parseEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  let ready: StreamedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      // safety: the contract says that data is one JSON object.
      ready.push({ id: Number(id), event: event ?? "", data: JSON.parse(data) as StreamedEvent["data"] });
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    const events = ready;
    ready = [];
    yield* events;
  }
}
