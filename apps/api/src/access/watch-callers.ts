import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { Caller } from "@longshore/shared/domain/access";
import type { Logger } from "@longshore/shared/runtime/logger";

/** What is given to one caller for longer than an answer takes. */
export interface CallerWatch {
  /** Aborts some seconds after the caller may not be here any more. */
  readonly signal: AbortSignal;
  release(): void;
}

export type WatchCaller = (caller: Caller) => CallerWatch;

export interface WatchCallersDeps {
  /** Of these keys those that were revoked or have expired. */
  readonly findEndedKeys: (ids: readonly string[]) => Promise<readonly string[]>;
  readonly areKeysConfigured: () => Promise<boolean>;
  readonly logger: Logger;
  /** In ms. */
  readonly everyMs?: number;
}

/** The key of those who came without one. */
const none = "";

/**
 * Looks again and again whether callers who follow something may still do so: their key may be revoked or expire, and
 * who came without one may not stay once the service has keys. One statement for all of them; none while there are none.
 */
export function createCallerWatch({
  findEndedKeys,
  areKeysConfigured,
  logger,
  everyMs = 2_000,
}: WatchCallersDeps): WatchCaller {
  const watched = new Map<string, Set<AbortController>>();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      const ids = [...watched.keys()].filter((id) => id !== none);
      const ended = ids.length === 0 ? [] : await findEndedKeys(ids);
      const isLocalOver = watched.has(none) && (await areKeysConfigured());
      for (const id of isLocalOver ? [...ended, none] : ended) {
        for (const controller of watched.get(id) ?? []) controller.abort();
      }
    } catch (error) {
      // Nothing is read meanwhile either, so that nothing is given out.
      if (!isDatabaseAway(error)) logger.error({ err: error }, "the keys of readers could not be looked at");
    }
    timer = watched.size === 0 ? undefined : setTimeout(() => void look(), everyMs);
  };
  return ({ keyId }) => {
    const id = keyId ?? none;
    const controller = new AbortController();
    const ofKey = watched.get(id) ?? new Set();
    watched.set(id, ofKey.add(controller));
    timer ??= setTimeout(() => void look(), everyMs).unref();
    return {
      signal: controller.signal,
      release: () => {
        ofKey.delete(controller);
        if (ofKey.size === 0 && watched.get(id) === ofKey) watched.delete(id);
      },
    };
  };
}
