import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { administer } from "./administer.ts";

/** The migrated database that every test database is a copy of. */
export const templateDatabase = "longshore_test_template";

export interface TestDatabase extends Database {
  readonly url: string;
  /** Closes the connections and drops the database. */
  remove(): Promise<void>;
}

/** A fresh, migrated database for one test file. `clockShift` moves its clock, e.g. "30 seconds". */
export async function createTestDatabase(clockShift?: string): Promise<TestDatabase> {
  const server = inject("databaseUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = connectDatabase({
    url: url.href,
    maxConnections: 6,
    applicationName: "longshore-test",
    ...(clockShift === undefined ? {} : { clockShift }),
  });
  // A copy is an installation of its own: its containers are not those of the other copies.
  await database.sql`UPDATE installation SET id = gen_random_uuid()`;
  return {
    ...database,
    url: url.href,
    remove: async () => {
      await database.close();
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
