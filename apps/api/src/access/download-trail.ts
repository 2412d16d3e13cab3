import type { NewAuditEvent } from "@longshore/shared/db/audit-trail";
import type { Actor } from "@longshore/shared/domain/access";
import { type CountedTrail, createCountedTrail } from "./counted-trail.ts";

/** An archive, or a part of it, that is given to somebody. By a link it is nobody's key, and the Job's tenant. */
export interface DownloadedArchive extends Actor {
  readonly jobId: string;
  readonly by: "caller" | "link";
  /** Where the connection came from; null where there is none. */
  readonly address: string | null;
}

/**
 * Tells the audit trail of downloads. A kind is a Job, a key and how: one that comes in parts is told in a line or two, and
 * so is one of all but the first byte.
 */
export function createDownloadTrail(
  append: (event: NewAuditEvent) => boolean,
): CountedTrail<DownloadedArchive> {
  return createCountedTrail({
    kindOf: ({ jobId, keyId, by }: DownloadedArchive) => `${jobId} ${keyId ?? ""} ${by}`,
    tell: ({ tenant, keyId, jobId, requestId, by, address }, times) =>
      append({
        ...{ action: "archive.downloaded", tenant, keyId, jobId, requestId },
        details: { by, address, times },
      }),
  });
}
