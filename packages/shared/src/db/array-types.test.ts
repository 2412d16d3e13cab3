import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { arrayTypes } from "./array-types.ts";
import { connectDatabase, type Database } from "./connect-database.ts";

let database: Database;
beforeAll(() => {
  database = connectDatabase({ url: inject("databaseUrl"), maxConnections: 2, applicationName: "test" });
});
afterAll(() => database.close());

const ids = ["01980000-0000-7000-8000-000000000001", "01980000-0000-7000-8000-000000000002"];

describe("arrays in statements", () => {
  const awkward = ["", "null", "a,b", '"', "\\", "{}", " x ", "é😀", "a\nb"];
  test.each([
    ["uuid", ids, ids],
    ["text", awkward, awkward],
    ["integer", [1, -2, 2_147_483_647], [1, -2, 2_147_483_647]],
    ["bigint", [1, 9_007_199_254_740_991], [1, 9_007_199_254_740_991]],
    ["smallint", [1, -2], [1, -2]],
    ["float8", [0.5, -1e300], [0.5, -1e300]],
    ["timestamptz", ["2026-01-02T03:04:05.678Z"], [new Date("2026-01-02T03:04:05.678Z")]],
    ["jsonb", [{ a: '"' }, [1], "x"], [{ a: '"' }, [1], "x"]],
  ])("%s[] goes in and comes out", async (type, given, read) => {
    const statement = `SELECT $1::${type}[] AS all, $2::${type}[] AS none, $3::${type}[] AS missing`;
    // safety: postgres.js takes any array whose items the type's serializer takes.
    const [row] = await database.sql.unsafe(statement, [given, [], null] as never[], { prepare: true });
    expect(row).toEqual({ all: read, none: [], missing: null });
  });

  test("null is an item like another", async () => {
    const [row] =
      await database.sql`SELECT ${["a", null, "null"]}::text[] AS texts, ${[1, null]}::integer[] AS numbers`;
    expect(row).toEqual({ texts: ["a", null, "null"], numbers: [1, null] });
  });

  test("have the number in the server's catalogue that they are declared with", async () => {
    for (const [name, type] of Object.entries(arrayTypes)) {
      const [row] = await database.sql`SELECT ${name}::text::regtype::oid::integer AS oid`;
      expect({ name, ...row }).toEqual({ name, oid: type.to });
    }
  });

  test("are of declared types wherever the product casts to one", async () => {
    const root = fileURLToPath(new URL("../../../../", import.meta.url));
    const used = new Set<string>();
    for (const folder of ["apps", "packages", "scripts", "migrations"])
      for (const file of await readdir(`${root}${folder}`, { recursive: true })) {
        if (!/\.(ts|sql)$/.test(file) || /\.test\.ts$|node_modules/.test(file)) continue;
        const source = await readFile(`${root}${folder}/${file}`, "utf8");
        for (const [, type] of source.matchAll(/::\s*(\w+\[\])/g)) if (type !== undefined) used.add(type);
        // It needs types that are fetched.
        expect(source).not.toMatch(/\bsql\.array\(/);
      }
    expect([...used]).toContain("uuid[]");
    expect([...used].filter((type) => !(type in arrayTypes))).toEqual([]);
  });
});
