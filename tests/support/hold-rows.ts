import type { Sql } from "@longshore/shared/db/connect-database";

/**
 * Holds the rows that `lock` locks, in a transaction of its own. Resolves when they are held, with what lets go of them;
 * that resolves when they are free, and may be called twice.
 */
export async function holdRows(
  database: Sql,
  lock: (sql: Pick<Sql, "unsafe">) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const [held, free] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const holding = database.begin(async (sql) => {
    await lock(sql);
    held.resolve(undefined);
    await free.promise;
  });
  await Promise.race([held.promise, holding]);
  return async () => {
    free.resolve(undefined);
    await holding;
  };
}

/** The same of the row in which a tenant's use is counted. */
export function holdTenant(database: Sql, tenant: string): Promise<() => Promise<void>> {
  return holdRows(database, (sql) =>
    sql.unsafe("SELECT FROM tenant_use WHERE tenant = $1 FOR UPDATE", [tenant]),
  );
}

/** The same of the row in which its last turn is noted, as one holds it who notes it. */
export function holdTurn(database: Sql, tenant: string): Promise<() => Promise<void>> {
  return holdRows(database, (sql) =>
    sql.unsafe("UPDATE tenant_turns SET turn_at = turn_at WHERE tenant = $1", [tenant]),
  );
}
