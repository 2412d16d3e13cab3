import { connectDatabase } from "@longshore/shared/db/connect-database";
import { storeManyEndedJobs } from "../../../tests/support/ended-jobs.ts";

/** Stores so many ended Jobs with their Events in the database of a service. */
export async function storeJobs(databaseUrl: string, count: number): Promise<void> {
  const database = connectDatabase({
    url: databaseUrl,
    maxConnections: 2,
    applicationName: "longshore-bench",
  });
  try {
    await storeManyEndedJobs(database.sql, count);
  } finally {
    await database.close();
  }
}
