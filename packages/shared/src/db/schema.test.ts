import { getTableColumns, getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import * as schema from "./schema.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

test("the tables that are read are those that the migrations make: names, types, and what may be null", async () => {
  const described = Object.values(schema)
    .filter((table) => is(table, PgTable))
    .flatMap((table) =>
      Object.values(getTableColumns(table)).map((column) => {
        const nullable = column.notNull || column.primary ? "NO" : "YES";
        return `${getTableName(table)}.${column.name} ${column.getSQLType()} ${nullable}`;
      }),
    );
  const made = await database.sql<{ line: string }[]>`
    SELECT table_name || '.' || column_name || ' ' ||
           CASE data_type WHEN 'ARRAY' THEN ltrim(udt_name, '_')::regtype::text || '[]' ELSE data_type END || ' ' || is_nullable AS line
      FROM information_schema.columns WHERE table_schema = 'public'`;
  expect(described.toSorted()).toEqual(made.map(({ line }) => line).toSorted());
});
