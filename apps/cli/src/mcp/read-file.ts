import { type Client, LongshoreError } from "@longshore/client";
import { CliError } from "../cli-error.ts";

export interface FileBeginning {
  readonly bytes: Buffer;
  /** Whether the file has more. */
  readonly isCut: boolean;
  /** By the file's name. */
  readonly mediaType: string;
}

/** For the whole of it: no more than some MB are read. */
const limitMs = 60_000;

/** The first bytes of one file of a job's archive, `mostBytes` at most. */
export async function readFile(
  client: Client,
  id: string,
  path: string,
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<FileBeginning> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await client.file(id, path, { signal: AbortSignal.any([signal, limit]) });
    const pieces: Uint8Array[] = [];
    let received = 0;
    for await (const piece of response.body ?? []) {
      pieces.push(piece);
      received += piece.byteLength;
      if (received > mostBytes) break;
    }
    const mediaType = response.headers.get("content-type") ?? "application/octet-stream";
    return { bytes: Buffer.concat(pieces).subarray(0, mostBytes), isCut: received > mostBytes, mediaType };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LongshoreError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("local", `${path} cannot be read: ${reason}`, "Try again.", { cause: error });
  }
}
