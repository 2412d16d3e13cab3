import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { LogLine } from "@longshore/shared/contracts/log-line";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { onTestFinished } from "vitest";
import { type Entry, openPromise } from "yauzl";
import type { ArchiveContent } from "./write-archive.ts";

/** A folder that is gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "archive-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store in a folder of its own, and where its blobs lie. */
export function temporaryStore() {
  const folder = temporaryFolder();
  return { blobStore: createFileBlobStore({ folder }), folder, pathOf: (key: string) => join(folder, key) };
}

export const logLines: readonly LogLine[] = [
  { stream: "system" as const, text: "the Sandbox started" },
  { stream: "stdout" as const, text: "one \u001b[31mred\u001b[0m" },
  { stream: "stderr" as const, text: "two " },
  { stream: "stderr" as const, text: "and more", continued: true as const },
].map((line, at) => ({
  seq: at + 1,
  time: "2026-01-02T03:04:05.678Z",
  attempt: 1,
  node: "shell" as const,
  step: 1,
  ...line,
}));

/** A Job's content with these outputs. */
export function archiveContent(
  outputs: ArchiveContent["outputs"],
  over: Partial<ArchiveContent> = {},
): ArchiveContent {
  return {
    jobId: "01980000-0000-7000-8000-000000000000",
    createdAt: new Date("2026-01-02T03:04:05.678Z"),
    versions: { longshore: "0.1.0" },
    plan: { source: "explicit", turns: 0, steps: [] },
    outputs,
    result: async ({ files, bytes, end }) => ({ files, bytes, end: end.kind }),
    logs: async function* () {
      yield* logLines;
    },
    ...over,
  };
}

/** One entry as a reader of the zip sees it. `type` is that of the Unix mode: 8 a file, 4 a folder, 10 a symlink. */
export interface ZipItem {
  readonly name: string;
  readonly type: number;
  readonly mode: number;
  readonly date: Date;
  readonly content: Buffer;
}

/** Reads a whole zip with yauzl, which checks names and sizes; in the order of its directory. */
export async function readZip(path: string): Promise<Map<string, ZipItem>> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const items = new Map<string, ZipItem>();
  const ended = once(zip, "end");
  const read = async (entry: Entry): Promise<void> => {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    const mode = entry.externalFileAttributes >>> 16;
    const date = entry.getLastModDate({ timezone: "UTC" });
    items.set(entry.fileName, { name: entry.fileName, type: mode >> 12, mode: mode & 0o7777, date, content });
    zip.readEntry();
  };
  zip.on("entry", (entry: Entry) => {
    read(entry).catch((error: unknown) => zip.emit("error", error));
  });
  zip.readEntry();
  await ended;
  zip.close();
  return items;
}
