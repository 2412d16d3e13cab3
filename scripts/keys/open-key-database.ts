import type { CommonSettings } from "@longshore/shared/config/common-settings";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { type Result, succeed } from "@longshore/shared/domain/result";
import { openEmbeddedDatabase } from "../embedded-postgres/open-embedded-database.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";

/**
 * The database of the service of these settings: that of DATABASE_URL, or the embedded one of DATA_DIR, whether or not
 * the service runs. `migrates`: one of an older version, or an empty one, is brought up to date, so that a key can be
 * made before a service that needs it starts for the first time.
 */
export async function openKeyDatabase(
  settings: Pick<CommonSettings, "DATABASE_URL" | "DATA_DIR">,
  { migrates, progress }: { readonly migrates: boolean; readonly progress: Progress },
  opened: AsyncDisposableStack,
): Promise<Result<Database, SetupFault>> {
  const url =
    settings.DATABASE_URL === undefined
      ? await openEmbeddedDatabase(settings.DATA_DIR, { command: "npm run keys", progress }, opened)
      : succeed(settings.DATABASE_URL);
  if (!url.ok) return url;
  if (migrates) await migrateDatabase(url.value);
  const database = connectDatabase({ url: url.value, maxConnections: 2, applicationName: "longshore-keys" });
  opened.defer(database.close);
  return succeed(database);
}
