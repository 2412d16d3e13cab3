import { expect, test } from "vitest";
import { openStandingWay } from "../../../../tests/support/standing-way.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { connectDatabase } from "./connect-database.ts";
import { eventsChannel, notifyEvents } from "./notify-events.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

test("row 9: what is to be told is told while an earlier hint hangs on a connection that says nothing more", async () => {
  const told: string[] = [];
  const { unlisten } = await database.sql.listen(eventsChannel, (payload) => void told.push(payload));
  await using way = await openStandingWay(database.url);
  const own = connectDatabase({ url: way.url, maxConnections: 4, applicationName: "notifier" });
  await own.sql`SELECT 1`;
  way.freeze();
  for (const jobId of ["first", "second", "third", "second"]) notifyEvents(own.sql, jobId);
  await expect.poll(() => told, { timeout: 5_000 }).toEqual(["second", "third"]);
  way.thaw();
  await unlisten();
  await own.close();
});
