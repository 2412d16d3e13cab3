import { isNewer, type SchemaVersion } from "@longshore/shared/db/schema-version";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Sweep } from "./sweeps/create-sweep.ts";

export interface WatchSchemaDeps {
  readonly read: () => Promise<SchemaVersion>;
  readonly known: SchemaVersion;
  /** Stops this worker; what it runs is let go as its stop mode says. */
  readonly stop: (reason: string) => void;
  readonly logger: Logger;
}

/** Makes a worker leave to the newer ones when one of them has migrated the database beneath it. */
export function watchSchema({ read, known, stop, logger }: WatchSchemaDeps): Sweep {
  let told = false;
  return {
    name: "watch-schema",
    everyMs: 5_000,
    run: async () => {
      const database = await read();
      if (told || !isNewer(database, known)) return;
      told = true;
      const versions = { database: database.migrations, known: known.migrations };
      logger.warn(versions, "a newer version has migrated the database: this worker leaves the jobs to it");
      stop("the database has a newer schema");
    },
  };
}
