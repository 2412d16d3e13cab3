import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Client } from "@longshore/client";
import type { Command } from "commander";
import { fetchOutputs } from "../archive/fetch-outputs.ts";
import { saveArchiveAs } from "../archive/save-archive.ts";
import type { CommandContext } from "../command-context.ts";
import { CliError } from "../cli-error.ts";
import { printable } from "../terminal/printable.ts";
import { showBytes } from "../terminal/show-amounts.ts";
import { findJobId, withJobId } from "./job-id.ts";

interface DownloadOptions {
  readonly out?: string;
  readonly zip?: string;
  readonly force?: boolean;
}

/** `longshore download`. */
export function addDownload(program: Command, context: CommandContext): void {
  withJobId(program.command("download"))
    .description("saves a job's zip as ID.zip, or with --out, its outputs into a folder; checked by SHA-256")
    .option("-o, --out <dir>", "unpack the outputs into this folder")
    .option("--zip <file>", "the zip's name; `-` writes it to stdout")
    .option("--force", "overwrite files that are there")
    .action((id: string, options: DownloadOptions) => download(context, id, options));
}

async function download(context: CommandContext, given: string, options: DownloadOptions): Promise<void> {
  const { asJson, json, interrupts } = context;
  const { out, zip, force = false } = options;
  if (out !== undefined && zip !== undefined)
    throw new CliError("wrong_use", "--out unpacks, and --zip does not", "Give one of them.");
  const client = await context.client();
  const signal = interrupts.stop;
  const id = await findJobId(client, given, signal);
  if (out !== undefined) {
    const job = await client.status(id, { signal });
    // Without an archive: what the service says of it is clearer than anything here.
    if (job.download_link === null) await (await client.download(id, { signal })).cancel();
    const saved = await fetchOutputs(context, client, job, { out, force, signal });
    if (asJson()) await json({ job_id: id, folder: out, ...(saved ?? { files: null, not_taken: [] }) });
  } else if (zip === "-") await toStdout(context, client, id);
  else await saveZip(context, client, id, { zip, force });
}

async function saveZip(
  { surroundings, screen, asJson, json, say, interrupts }: CommandContext,
  client: Client,
  id: string,
  { zip, force }: { readonly zip: string | undefined; readonly force: boolean },
): Promise<void> {
  const signal = interrupts.stop;
  // The id alone, and never more of what was typed, names a file.
  const file = resolve(surroundings.cwd, zip ?? `${(await client.status(id, { signal })).job_id}.zip`);
  const isFolder = (await stat(file).catch(() => null))?.isDirectory() === true;
  const target = isFolder ? join(file, `${id}.zip`) : file;
  let bytes = 0;
  screen.live(() => `downloading · ${showBytes(bytes)}`);
  await saveArchiveAs(client, id, { file: target, force, signal, onBytes: (more) => (bytes += more) });
  screen.live(null);
  if (asJson()) await json({ job_id: id, file: target, bytes });
  else await say(`✓ ${printable(target)} (${showBytes(bytes)})`);
}

async function toStdout({ screen, interrupts }: CommandContext, client: Client, id: string): Promise<void> {
  if (screen.out.isTTY)
    throw new CliError("wrong_use", "A zip is nothing for a terminal", "Send it into a file or a pipe.");
  for await (const piece of await client.download(id, { signal: interrupts.stop }))
    await screen.out.write(piece);
}
