import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Deletion } from "../load/delete-job.ts";
import { digestEvent } from "../load/follow-stream.ts";
import type { PlayedJob } from "../load/play-client.ts";
import type { Timeline } from "../report/timeline.ts";
import type { ObservedEvent, DatabaseObserver } from "./observe-database.ts";

export interface DeletedDeps {
  readonly url: () => string;
  readonly timeline: Timeline;
}

const askedMs = 120_000;

/** Holds what readers have seen of a Job that was deleted, and what they see now: nothing of it, anywhere. */
export async function checkDeleted(
  { id, end }: PlayedJob,
  { status, download, stream }: Deletion,
  /** Its history as it was before. */
  events: readonly ObservedEvent[],
  { url, timeline }: DeletedDeps,
): Promise<void> {
  const broken = (message: string) => timeline.broken(8, id, message);
  const sha256 = end?.view.output?.sha256;
  if (download?.cameToItsEnd === true && download.sha256 !== sha256)
    broken(
      `a download beside its deletion ended well with other bytes (${download.sha256}, not ${String(sha256)})`,
    );
  const fault = stream === null ? null : faultOfStream(stream, events);
  if (fault !== null) broken(`a stream beside its deletion: ${fault}`);
  if (status === null) return;
  const requests = ["status", "logs", "events", "download"].map((path) => ["GET", `/${path}/${id}`] as const);
  for (const [method, path] of [...requests, ["POST", `/cancel/${id}`] as const]) {
    const answer = await statusOf(method, path, url);
    if (answer !== 404) broken(`it is deleted, and ${method} ${path} is answered with ${String(answer)}`);
  }
}

/** What is wrong with what such a stream gave, null where it is the first part of the history, or all of it. */
export function faultOfStream(
  { lastSeq, digest, fault }: NonNullable<Deletion["stream"]>,
  events: readonly ObservedEvent[],
): string | null {
  if (fault !== null) return fault;
  if (lastSeq > events.length)
    return `it has ${String(lastSeq)} events, the history had ${String(events.length)}`;
  const expected = createHash("sha256");
  for (const { seq, type, text } of events.slice(0, lastSeq)) digestEvent(expected, seq, type, text ?? "");
  if (expected.digest("hex") === digest.copy().digest("hex")) return null;
  return "its events are not those of the history";
}

/** What is left of deleted Jobs: in the database, and among the archives. */
export async function leftOfDeleted(
  deleted: ReadonlySet<string>,
  database: DatabaseObserver,
  archiveFolder: string,
): Promise<readonly string[]> {
  const files = (await readdir(archiveFolder)).filter((name) =>
    deleted.has(/[0-9a-f]{8}-[0-9a-f-]{27}/.exec(name)?.[0] ?? ""),
  );
  const rows = await database.rowsOf([...deleted]);
  return [
    ...files.map((name) => `the file ${name} of a deleted job`),
    ...rows.map(({ jobId, place }) => `a row of ${place} of the deleted job ${jobId}`),
  ];
}

async function statusOf(method: string, path: string, url: () => string): Promise<number | null> {
  const until = Date.now() + askedMs;
  while (Date.now() < until) {
    try {
      const response = await fetch(`${url()}${path}`, { method, signal: AbortSignal.timeout(15_000) });
      await response.body?.cancel();
      if (response.status < 500) return response.status;
    } catch {
      // Away: asked again.
    }
    await pause(300);
  }
  return null;
}
