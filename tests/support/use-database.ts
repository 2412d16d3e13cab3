import { beforeAll, beforeEach } from "vitest";
import { createLaterDatabases, type LaterDatabases } from "./later-databases.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

/** One database for all tests of the file. */
export function useOneDatabase(use: (database: TestDatabase) => void): void {
  beforeAll(async () => {
    const database = await createTestDatabase();
    use(database);
    return () => database.remove();
  });
}

/** A database for each test of its own, and the same at later times. */
export function useFreshDatabases(use: (database: TestDatabase, later: LaterDatabases) => void): void {
  beforeEach(async () => {
    const database = await createTestDatabase();
    const later = createLaterDatabases(database);
    use(database, later);
    return async () => {
      await later.close();
      await database.remove();
    };
  });
}
