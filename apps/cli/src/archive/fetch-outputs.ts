import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Client, Job } from "@longshore/client";
import type { CommandContext } from "../command-context.ts";
import { printable } from "../terminal/printable.ts";
import { showBytes, showCount } from "../terminal/show-amounts.ts";
import { openOutputFolder } from "./output-folder.ts";
import type { NotTaken } from "./read-manifest.ts";
import { saveArchive } from "./save-archive.ts";
import { type UnpackedFile, unpackOutputs } from "./unpack-outputs.ts";

export interface FetchOptions {
  /** The folder that they come into. */
  readonly out: string;
  /** Whether files that are there may be overwritten. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** What was put into the folder, in the form of `--json`. */
export interface SavedOutputs {
  readonly files: readonly UnpackedFile[];
  readonly not_taken: readonly NotTaken[];
}

/** Of what was not taken, that is named to people. */
const mostNamed = 5;

/** Puts a job's outputs into a folder, each checked, and says what was done. Gives null where there is no archive. */
export async function fetchOutputs(
  context: CommandContext,
  client: Client,
  { job_id, download_link }: Pick<Job, "job_id" | "download_link">,
  { out, force, signal }: FetchOptions,
): Promise<SavedOutputs | null> {
  const { screen, note, surroundings } = context;
  if (download_link === null) {
    await note("  The job never ran, so there are no outputs.");
    return null;
  }
  const folder = resolve(surroundings.cwd, out);
  const temporary = await openOutputFolder(folder);
  try {
    const archive = join(temporary, `${job_id}.zip`);
    let received = 0;
    screen.live(() => `downloading · ${showBytes(received)}`);
    await saveArchive(client, job_id, { file: archive, signal, onBytes: (bytes) => (received += bytes) });
    screen.live(() => "unpacking");
    const { files, overwritten, links, notTaken } = await unpackOutputs(archive, folder, { force, signal });
    screen.live(null);
    const { green, yellow } = screen.err.colours;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    await note(`${green("✓")} ${showCount(files.length, "file")}, ${showBytes(bytes)}, in ${printable(out)}`);
    if (overwritten > 0) await note(yellow(`! overwrote ${showCount(overwritten, "file")}`));
    for (const { path, reason } of links) await note(yellow(`! ${printable(path)} was not made: ${reason}`));
    await tellNotTaken(context, notTaken);
    return { files, not_taken: notTaken };
  } finally {
    screen.live(null);
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Who has the folder alone would take it for all that the job left. */
async function tellNotTaken({ screen, note }: CommandContext, notTaken: readonly NotTaken[]): Promise<void> {
  if (notTaken.length === 0) return;
  const { yellow } = screen.err.colours;
  await note(yellow(`! ${showCount(notTaken.length, "output")} not taken, or not whole:`));
  for (const { path, reason } of notTaken.slice(0, mostNamed))
    await note(yellow(`    ${printable(path)}: ${printable(reason)}`));
  const rest = notTaken.length - mostNamed;
  if (rest > 0) await note(yellow(`    and ${String(rest)} more, which manifest.json in the zip names`));
}
