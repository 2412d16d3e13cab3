import { opendir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { keyOfTemporary } from "@longshore/shared/blob/temporary-files";
import { readAttempts } from "@longshore/shared/db/ledger/read-attempts";
import { findUnreferencedArchives } from "@longshore/shared/db/removals";
import { isJobId } from "@longshore/shared/domain/job-id";
import { type Check, counted, lasting, pageSize, type Suspect, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";

// Whoever writes an archive, or just has, holds the Lease of its Job. What is left when that is over is nobody's;
// a worker that was fenced out may still write for a moment.
const SAFE_SECONDS = 60;
// The longest that outputs are taken is 300 s, and a temporary file that is written to is never so old.
const ABANDONED_SECONDS = 15 * 60;
const keyForm = /^([0-9a-f-]{36})-a[1-9]/;

interface FoundFile {
  /** Of the archive that it is, or that was to become of it. */
  readonly key: string;
  readonly name: string;
  readonly seconds: number;
}

/** Archives in the folder, and those of them that nothing names. */
export function checkArchives(ledger: Pick<Ledger, "sql" | "blobStore">): Check {
  const { sql, blobStore } = ledger;
  const strays = async (files: readonly FoundFile[]) => {
    const old = files.filter(({ seconds }) => seconds > SAFE_SECONDS);
    const unnamed = new Set(
      await findUnreferencedArchives(
        sql,
        old.map(({ key }) => key),
      ),
    );
    return withoutRunning(
      sql,
      old.filter(({ key }) => unnamed.has(key)),
    );
  };
  const remove = async (file: FoundFile): Promise<string> => {
    if ((await strays([file])).length === 0) return `${file.key} was left alone`;
    const removed = await blobStore.remove(file.key);
    if (!removed.ok) throw new Error(`${file.key}: ${removed.failure.message}`);
    return `removed the archive ${file.key}`;
  };
  return {
    name: "archives",
    advice:
      "a running worker removes them within seconds, and after six hours what is of no attempt; or --fix",
    look: async () => {
      let files = 0;
      let bytes = 0;
      const suspects: Suspect[] = [];
      for await (const page of pagesOf(blobStore.list())) {
        files += page.length;
        bytes += page.reduce((sum, blob) => sum + blob.bytes, 0);
        const found = page.map(({ key, modifiedAt }) => ({ key, name: key, seconds: ageOf(modifiedAt) }));
        if (suspects.length < suspectLimit)
          for (const file of await strays(found))
            suspects.push({
              id: file.key,
              what: `no job names it, written ${lasting(file.seconds)} ago`,
              mend: () => remove(file),
            });
      }
      const holds = `${counted(files, "archive")}, ${(bytes / 1_048_576).toFixed(1)} MB`;
      return { holds, suspects: suspects.slice(0, suspectLimit) };
    },
  };
}

/** Files in which archives are being written, and those of them that nobody writes any more. */
export function checkTemporaries({ sql, archiveFolder }: Pick<Ledger, "sql" | "archiveFolder">): Check {
  const strays = async (files: readonly FoundFile[]) => {
    const old = files.filter(({ seconds }) => seconds > SAFE_SECONDS);
    const idle = new Set(await withoutRunning(sql, old));
    return old.filter((file) => idle.has(file) || file.seconds > ABANDONED_SECONDS);
  };
  const remove = async (file: FoundFile): Promise<string> => {
    const seconds = await secondsSince(join(archiveFolder, file.name));
    if (seconds === null) return `${file.name} is gone`;
    if ((await strays([{ ...file, seconds }])).length === 0) return `${file.name} was left alone`;
    await rm(join(archiveFolder, file.name), { force: true });
    return `removed the temporary file ${file.name}`;
  };
  return {
    name: "temporary files",
    advice:
      "a running worker removes them within seconds, and after six hours what is of no attempt; or --fix",
    look: async () => {
      let files = 0;
      const suspects: Suspect[] = [];
      for await (const page of pagesOf(temporariesIn(archiveFolder))) {
        files += page.length;
        if (suspects.length < suspectLimit)
          for (const file of await strays(page))
            suspects.push({
              id: file.name,
              what: `nobody writes it, untouched for ${lasting(file.seconds)}`,
              mend: () => remove(file),
            });
      }
      return { holds: counted(files, "file"), suspects: suspects.slice(0, suspectLimit) };
    },
  };
}

/** Those that are not of a running Job. */
async function withoutRunning(
  sql: Ledger["sql"],
  files: readonly FoundFile[],
): Promise<readonly FoundFile[]> {
  const jobOf = ({ key }: FoundFile) => keyForm.exec(key)?.[1] ?? "";
  const attempts = await readAttempts(sql, files.map(jobOf).filter(isJobId));
  return files.filter((file) => {
    const now = attempts.get(jobOf(file));
    return now?.status !== "running";
  });
}

async function* temporariesIn(folder: string): AsyncGenerator<FoundFile> {
  const opened = await opendir(folder).catch(nullIfGone);
  if (opened === null) return;
  for await (const { name } of opened) {
    const key = keyOfTemporary(name);
    const seconds = key === null ? null : await secondsSince(join(folder, name));
    if (key !== null && seconds !== null) yield { key, name, seconds };
  }
}

async function secondsSince(path: string): Promise<number | null> {
  const found = await stat(path).catch(nullIfGone);
  return found === null ? null : ageOf(found.mtime);
}

function ageOf(time: Date): number {
  return (Date.now() - time.getTime()) / 1_000;
}

function nullIfGone(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}

async function* pagesOf<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
