import type { Logger } from "@longshore/shared/runtime/logger";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { ArchiveRequest, StoreArchive } from "../attempt/store-archive.ts";
import { leavesJob, stopReason } from "../attempt/stop-reason.ts";
import { mostSegments } from "./entry-name.ts";
import { createLeftOutFinder } from "./find-left-out.ts";
import type { ArchiveContent, OutputsSummary, WriteArchive } from "./write-archive.ts";

export interface StoreArchiveDeps {
  readonly writeArchive: WriteArchive;
  readonly versions: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

const bytesPerMb = 1_048_576;
const outputMs = 300_000;
// A cancel is answered within two seconds, the kill and the writing included.
const hurriedMs = 700;

/** Stores archives by way of a blob store, with outputs taken from the Attempt's Sandbox. */
export function createStoreArchive({ writeArchive, versions, logger }: StoreArchiveDeps): StoreArchive {
  return async (request) => {
    using bound = outputBound(request);
    const { signal, hurry } = bound;
    const maxFileBytes = request.limits.output_mb * bytesPerMb;
    const finder = createLeftOutFinder(maxFileBytes);
    const content: ArchiveContent = {
      jobId: request.jobId,
      createdAt: request.createdAt,
      versions,
      plan: request.plan,
      outputs:
        request.sandbox?.takeOutputs(
          { maxFileBytes, maxDepth: mostSegments, onListed: finder.take, hurry },
          signal,
        ) ?? null,
      leftOut: () => {
        if (!finder.isWhole())
          logger.warn({ job: request.jobId }, "what the outputs leave out could not be listed");
        return finder.found();
      },
      result: (taken) => request.result(toTaken(taken)),
      logs: request.logs,
    };
    const limits = { outputBytes: maxFileBytes, outputMs: request.hurried() ? hurriedMs : outputMs };
    const written = await writeArchive(request.key, content, limits, request.fenced);
    if (!written.ok) return fail(written.failure.message);
    const { key, bytes, sha256, outputs } = written.value;
    return succeed({ key, bytes, sha256, outputFiles: outputs.files, outputBytes: outputs.bytes });
  };
}

function toTaken({ files, bytes, end }: OutputsSummary) {
  return {
    files,
    bytes,
    tooLarge: end.kind === "too_large" ? end.message : null,
    damaged: end.kind === "damaged" ? end.message : null,
  };
}

interface OutputBound extends Disposable {
  /** Aborts when nothing may be written, soon after the Attempt is to stop, and when nobody needs it any more. */
  readonly signal: AbortSignal;
  /** Aborts when it is known that `signal` comes soon. */
  readonly hurry: AbortSignal;
}

function outputBound({ stopping, fenced, hurried }: ArchiveRequest): OutputBound {
  const [over, hurry] = [new AbortController(), new AbortController()];
  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    // A worker that stops gives the Job back: what it has not taken yet, the next owner takes, or makes anew.
    if (leavesJob(stopReason(stopping))) return over.abort();
    if (!hurried()) return;
    hurry.abort();
    timer ??= setTimeout(() => over.abort(), hurriedMs);
  };
  stopping.addEventListener("abort", onStop, { once: true });
  if (stopping.aborted || hurried()) onStop();
  return {
    signal: AbortSignal.any([fenced, over.signal]),
    hurry: hurry.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      over.abort();
      stopping.removeEventListener("abort", onStop);
    },
  };
}
