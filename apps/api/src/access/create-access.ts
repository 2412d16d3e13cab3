import { appendAuditEvent, type NewAuditEvent } from "@longshore/shared/db/audit-trail";
import type { Sql } from "@longshore/shared/db/connect-database";
import { findEndedKeys, findKey } from "@longshore/shared/db/find-key";
import { hasKeys } from "@longshore/shared/db/has-keys";
import { hashKey } from "@longshore/shared/db/key-hash";
import { noteKeyUse } from "@longshore/shared/db/note-key-use";
import { within } from "@longshore/shared/db/within";
import type { Logger } from "@longshore/shared/runtime/logger";
import { type BackgroundWork, createBackgroundWork } from "../background-work.ts";
import { createAuthenticate } from "./authenticate.ts";
import type { GuardRoutesDeps } from "./guard-routes.ts";
import { createKeyState } from "./key-state.ts";
import { createKnownIdentities } from "./known-identities.ts";
import { createDownloadTrail, type DownloadedArchive } from "./download-trail.ts";
import { createRefusalTrail } from "./refusal-trail.ts";
import { createCallerWatch, type WatchCaller } from "./watch-callers.ts";

export interface AccessDeps {
  readonly sql: Sql;
  readonly corsOrigins: readonly string[];
  readonly logger: Logger;
}

/** Who may use the service, by the keys in its database. */
export interface Access extends GuardRoutesDeps {
  readonly watchCaller: WatchCaller;
  readonly onDownloaded: (downloaded: DownloadedArchive) => void;
  /** Writes what is left to write. */
  close(): Promise<void>;
}

// As for everything that an answer waits for.
const answerBoundMs = 4_000;
/** Of the audit trail, at once; those of downloads, which anybody who has many archives can make, hold up no others. */
const mostWrites = 100;
const mostDownloadWrites = 1_000;

/** Nothing is looked up yet. */
export function createAccess({ sql, corsOrigins, logger }: AccessDeps): Access {
  const keys = createKeyState({ hasKeys: () => within(hasKeys(sql), answerBoundMs) });
  const onFailing = (reason: string) => logger.warn({ reason }, "the audit trail cannot be written now");
  const writes = createBackgroundWork({ most: mostWrites, onFailing });
  const downloadWrites = createBackgroundWork({ most: mostDownloadWrites, onFailing });
  const appendBy = (work: BackgroundWork) => (event: NewAuditEvent) =>
    work.start(() => appendAuditEvent(sql, event));
  const refusals = createRefusalTrail(appendBy(writes));
  const downloads = createDownloadTrail(appendBy(downloadWrites));
  return {
    ...{ keys, corsOrigins },
    authenticate: createAuthenticate({
      findKey: (hash) => within(findKey(sql, hash), answerBoundMs),
      onUse: (keyId, requestId) => void writes.start(() => noteKeyUse(sql, keyId, requestId)),
    }),
    known: createKnownIdentities(hashKey),
    onRefused: refusals.note,
    onDownloaded: downloads.note,
    watchCaller: createCallerWatch({
      findEndedKeys: (ids) => within(findEndedKeys(sql, ids), answerBoundMs),
      areKeysConfigured: keys.areConfigured,
      logger,
    }),
    close: async () => {
      refusals.close();
      downloads.close();
      await Promise.all([writes.settle(), downloadWrites.settle()]);
    },
  };
}
