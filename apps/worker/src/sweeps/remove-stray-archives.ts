import type { BlobRecord, BlobStore } from "@longshore/shared/blob/blob-store";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Sweep } from "./create-sweep.ts";

type FindKeys = (keys: readonly string[]) => Promise<readonly string[]>;

export interface RemoveStrayArchivesDeps {
  /** Of these keys those of Attempts that run no more, which nothing names. */
  readonly findAbandoned: FindKeys;
  /** Of these keys those that nothing names, whatever they are of. */
  readonly findUnreferenced: FindKeys;
  readonly blobStore: Pick<BlobStore, "keys" | "stat" | "remove" | "removeTemporaries">;
  readonly logger: Logger;
}

const batch = 500;
// A key that is of no Attempt says nothing of who writes it: longer than any archive takes.
const foreignAgeMs = 6 * 3_600_000;

/**
 * Removes what writers of archives left that were killed, or lost their Lease: files that are not whole, and archives
 * that no Job names. Which archives have a name is remembered from round to round: only new ones are asked for.
 */
export function removeStrayArchives(deps: RemoveStrayArchivesDeps): Sweep {
  const { findAbandoned, findUnreferenced, blobStore, logger } = deps;
  let named: ReadonlySet<string> = new Set();
  const isOld = ({ modifiedAt }: Pick<BlobRecord, "modifiedAt">) =>
    Date.now() - modifiedAt.getTime() > foreignAgeMs;

  const pickAbandoned = async (found: readonly BlobRecord[]): Promise<readonly string[]> => {
    const old = found.filter(isOld).map(({ key }) => key);
    const abandoned: string[] = [];
    for (let from = 0; from < found.length; from += batch)
      abandoned.push(...(await findAbandoned(found.slice(from, from + batch).map(({ key }) => key))));
    return [...old, ...abandoned];
  };
  /** Removes those that are stray, and gives those that are named. */
  const removeStray = async (keys: readonly string[]): Promise<readonly string[]> => {
    const abandoned = new Set(await findAbandoned(keys));
    const unnamed = new Set(await findUnreferenced(keys));
    for (const key of unnamed) {
      const seen = abandoned.has(key) ? null : await blobStore.stat(key);
      if (seen !== null && !(seen.ok && isOld(seen.value))) continue;
      const removed = await blobStore.remove(key);
      if (removed.ok) logger.info({ key }, "an archive that no job names was removed");
      else logger.warn({ key, reason: removed.failure.message }, "a stray archive could not be removed");
    }
    return keys.filter((key) => !unnamed.has(key));
  };
  return {
    name: "remove-stray-archives",
    everyMs: 10_000,
    run: async (signal) => {
      await blobStore.removeTemporaries(pickAbandoned);
      const stillNamed = new Set<string>();
      let unknown: string[] = [];
      const ask = async () => {
        for (const key of await removeStray(unknown)) stillNamed.add(key);
        unknown = [];
      };
      for await (const key of blobStore.keys()) {
        if (signal.aborted) return;
        if (named.has(key)) stillNamed.add(key);
        else unknown.push(key);
        if (unknown.length >= batch) await ask();
      }
      if (unknown.length > 0) await ask();
      named = stillNamed;
    },
  };
}
