import { connectDatabase } from "@longshore/shared/db/connect-database";
import { listLiveWorkers } from "@longshore/shared/db/worker-reports";

const SILENCE_SECONDS = 15;

/** True where a worker was heard of lately. Rejects where the database is away. */
export async function hasLiveWorker(url: string): Promise<boolean> {
  const database = connectDatabase({ url, maxConnections: 2, applicationName: "longshore-start" });
  try {
    return (await listLiveWorkers(database.sql, SILENCE_SECONDS)).length > 0;
  } finally {
    await database.close();
  }
}
