import type { BlobStore } from "@longshore/shared/blob/blob-store";
import { findAbandonedArchives } from "@longshore/shared/db/abandoned-archives";
import { removeOldAuditEvents } from "@longshore/shared/db/audit-trail";
import type { Sql } from "@longshore/shared/db/connect-database";
import { deleteOldJobs } from "@longshore/shared/db/delete-job";
import { expireIdempotencyKeys, expireJobs, expireOversize } from "@longshore/shared/db/expire-jobs";
import {
  closeRemovals,
  findArchivesToRemove,
  findUnreferencedArchives,
  noteArchivesRemoved,
  removeSomeEvents,
} from "@longshore/shared/db/removals";
import { removeSilentWorkers } from "@longshore/shared/db/worker-reports";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { WorkerConfig } from "../config.ts";
import type { Sweep } from "./create-sweep.ts";
import { expireArchives } from "./expire-archives.ts";
import { finishRemovals } from "./finish-removals.ts";
import { removeStrayArchives } from "./remove-stray-archives.ts";

export interface RetentionDeps {
  readonly sql: Sql;
  readonly blobStore: BlobStore;
  readonly settings: Pick<WorkerConfig, "retentionMb" | "rowRetentionDays" | "auditRetentionDays">;
  readonly logger: Logger;
}

const bytesPerMb = 1_048_576;

/** The sweeps by which what is old, too much, or deleted goes: in the order in which one leaves work to the next. */
export function retentionSweeps({ sql, blobStore, settings, logger }: RetentionDeps): readonly Sweep[] {
  const { retentionMb, rowRetentionDays, auditRetentionDays } = settings;
  const mostBytes = retentionMb * bytesPerMb;
  return [
    expireArchives({
      expireJobs: (limit) => expireJobs(sql, limit),
      expireOversize: retentionMb === 0 ? null : (limit) => expireOversize(sql, mostBytes, limit),
      deleteOldJobs: (limit) => deleteOldJobs(sql, rowRetentionDays, limit),
      removeOldAuditEvents: (limit) => removeOldAuditEvents(sql, auditRetentionDays, limit),
      expireIdempotencyKeys: (limit) => expireIdempotencyKeys(sql, limit),
      removeSilentWorkers: () => removeSilentWorkers(sql),
    }),
    finishRemovals({
      ...{ blobStore, logger },
      findArchives: (after, limit) => findArchivesToRemove(sql, after, limit),
      noteArchivesRemoved: (keys) => noteArchivesRemoved(sql, keys),
      removeSomeEvents: () => removeSomeEvents(sql),
      closeRemovals: (limit) => closeRemovals(sql, limit),
    }),
    removeStrayArchives({
      ...{ blobStore, logger },
      findAbandoned: (keys) => findAbandonedArchives(sql, keys),
      findUnreferenced: (keys) => findUnreferencedArchives(sql, keys),
    }),
  ];
}
