import { createHash } from "node:crypto";
import type { BlobFailure, BlobStore } from "@longshore/shared/blob/blob-store";
import { toBlobFailure } from "@longshore/shared/blob/to-blob-failure";
import type { LogLine } from "@longshore/shared/contracts/log-line";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { toLogNdjson, toLogText } from "./log-text.ts";
import { createManifest, type Manifest } from "./manifest.ts";
import { takeOutputs } from "./take-outputs.ts";
import { fixedTarLimits } from "./tar-limits.ts";
import { createZipWriter, type ZipWriter } from "./zip-writer.ts";

/** How taking the outputs ended. `none`: there was no Sandbox to take them from. */
export type OutputsEnd =
  | { readonly kind: "complete" | "none" }
  | { readonly kind: "damaged" | "too_large"; readonly message: string; readonly cause?: unknown };

/** What is in the Archive of /workspace. `notTaken` counts what the manifest lists as not taken. */
export interface OutputsSummary {
  readonly files: number;
  readonly bytes: number;
  readonly notTaken: number;
  readonly end: OutputsEnd;
}

/** Something of /workspace that its tar leaves out, such as a socket or an unreadable file; its path in bytes, relative to /workspace. */
export interface LeftOut {
  readonly path: Buffer;
  readonly reason: string;
  /** It was left out for its size: the outputs are too large. */
  readonly tooLarge?: boolean;
}

/** What an Archive is made of. */
export interface ArchiveContent {
  readonly jobId: string;
  /** Date of the entries that are the service's own. */
  readonly createdAt: Date;
  /** Versions of the service and its parts, for the manifest. */
  readonly versions: Readonly<Record<string, string>>;
  /** plan.json; null where the Job never had a plan. */
  readonly plan: unknown;
  /** /workspace as a hostile tar; null where there is none to take. */
  readonly outputs: AsyncIterable<Uint8Array> | null;
  /** Called when the tar has ended. */
  readonly leftOut?: () => readonly LeftOut[];
  /** result.json, made when it is known what was taken; log lines that it appends are in the log files. */
  readonly result: (outputs: OutputsSummary) => Promise<unknown>;
  /** The whole log, from its first line; called twice, and to give the same lines both times. */
  readonly logs: () => AsyncIterable<LogLine>;
}

export interface ArchiveLimits {
  /** Bytes of outputs: `output_mb`. */
  readonly outputBytes: number;
  /** Time for reading the outputs, in milliseconds. What came until then is kept. */
  readonly outputMs: number;
}

export interface WrittenArchive {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly outputs: OutputsSummary;
}

export type ArchiveFailure = BlobFailure | { readonly code: "aborted"; readonly message: string };

export interface WriteArchiveDeps {
  readonly blobStore: Pick<BlobStore, "create">;
}

/** Writes the Archive of a Job under `key`: whole and durable, or not at all. */
export type WriteArchive = (
  key: string,
  content: ArchiveContent,
  limits: ArchiveLimits,
  signal: AbortSignal,
) => Promise<Result<WrittenArchive, ArchiveFailure>>;

/**
 * Outputs that are too large or damaged do not fail it: logs, result, plan and manifest are saved, with what
 * came before, and the summary says so. It fails where the store does or the signal aborts; what `logs` and
 * `result` throw, it throws. The same content gives the same bytes each time.
 */
export function createWriteArchive({ blobStore }: WriteArchiveDeps): WriteArchive {
  return async (key, content, limits, signal) => {
    const created = await blobStore.create(key);
    if (!created.ok) return created;
    const writer = created.value;
    let sinkError: unknown = null;
    writer.sink.once("error", (error) => (sinkError = error));
    const zip = createZipWriter(writer.sink, signal);
    try {
      const outputs = await writeEntries(zip, content, limits, signal);
      await zip.finish();
      const stored = await writer.commit();
      return stored.ok ? succeed({ key, ...stored.value, outputs }) : stored;
    } catch (error) {
      if (signal.aborted) return fail({ code: "aborted", message: "writing the archive was given up" });
      if (sinkError !== null) return fail(toBlobFailure(sinkError));
      throw error;
    } finally {
      await zip.destroy();
      await writer.abort();
    }
  };
}

async function writeEntries(
  zip: ZipWriter,
  content: ArchiveContent,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Promise<OutputsSummary> {
  const manifest = createManifest();
  const outputs = await summarise(zip, manifest, content, limits, signal);
  const own = (name: string) => ({ name, mode: 0o644, date: content.createdAt });
  const addOwn = async (name: string, pieces: AsyncIterable<Buffer>) => {
    const digest = createHash("sha256");
    let bytes = 0;
    const counted = async function* () {
      for await (const piece of pieces) {
        digest.update(piece);
        bytes += piece.length;
        yield piece;
      }
    };
    await zip.addStream(own(name), counted());
    return { path: name, bytes, sha256: digest.digest("hex"), mode: 0o644 };
  };

  manifest.addFile(await addOwn("result.json", toJson(await content.result(outputs))));
  manifest.addFile(await addOwn("plan.json", toJson(content.plan)));
  manifest.addFile(await addOwn("logs.txt", toLogText(content.logs())));
  manifest.addFile(await addOwn("logs.ndjson", toLogNdjson(content.logs())));
  if (outputs.files === 0) await zip.addFolder({ ...own("outputs"), mode: 0o755 });
  await addOwn("manifest.json", manifest.toJson({ job_id: content.jobId, versions: content.versions }));
  return outputs;
}

async function summarise(
  zip: ZipWriter,
  manifest: Manifest,
  content: ArchiveContent,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Promise<OutputsSummary> {
  if (content.outputs === null) return { files: 0, bytes: 0, notTaken: 0, end: { kind: "none" } };
  const tarLimits = { ...fixedTarLimits, contentBytes: limits.outputBytes, ms: limits.outputMs };
  const { files, bytes, end } = await takeOutputs({ zip, manifest }, content.outputs, tarLimits, signal);
  const leftOut = content.leftOut?.() ?? [];
  for (const { path, reason } of leftOut) manifest.addNotTaken(path, reason);
  const tooLarge = leftOut.find((each) => each.tooLarge === true);
  return {
    files,
    bytes,
    notTaken: manifest.notTakenCount(),
    end:
      tooLarge === undefined
        ? end
        : { kind: "too_large", message: `a file of the outputs is too large: ${tooLarge.reason}` },
  };
}

async function* toJson(value: unknown): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(value ?? null, null, 2)}\n`);
}
