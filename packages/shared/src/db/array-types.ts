import type postgres from "postgres";
import { parse as parseArray } from "postgres-array";

/** How one item of an array is written and read; null is the array's own matter. */
interface ItemType<Item> {
  readonly parse: (text: string) => Item;
  readonly serialize: (item: Item) => string;
}

const text: ItemType<string> = { parse: String, serialize: String };
const number: ItemType<number> = { parse: Number, serialize: String };
const json: ItemType<unknown> = {
  parse: (written): unknown => JSON.parse(written),
  serialize: (value) => JSON.stringify(value),
};
const instant: ItemType<Date | string> = {
  parse: (written) => new Date(written),
  serialize: (value) => new Date(value).toISOString(),
};

/**
 * The array types of our statements, by the name that a cast gives them, with their numbers in `pg_type.dat`, which
 * PostgreSQL never changes. Declared here, and not asked of the server: postgres.js (3.4.9, `fetchArrayTypes`) asks on
 * each new connection and leaves the answer's promise to nobody, so that a connection cut at that instant would end the
 * process. A type that is missing here is refused as a parameter (`malformed array literal`), and read as its text.
 */
export const arrayTypes: Readonly<Record<string, postgres.PostgresType>> = {
  "text[]": arrayOf(1009, text),
  "uuid[]": arrayOf(2951, text),
  "smallint[]": arrayOf(1005, number),
  "integer[]": arrayOf(1007, number),
  "bigint[]": arrayOf(1016, number),
  "float8[]": arrayOf(1022, number),
  "timestamptz[]": arrayOf(1185, instant),
  "jsonb[]": arrayOf(3807, json),
};

/** What every client is opened with, beside types of its own. Its `sql.array` is not for use: it needs the fetched types. */
export function knownTypes<Own extends object>(own: Own): { fetch_types: false; types: Own } {
  return { fetch_types: false, types: { ...own, ...arrayTypes } };
}

function arrayOf<Item>(oid: number, item: ItemType<Item>): postgres.PostgresType {
  const write = (each: Item | null) =>
    each === null ? "NULL" : `"${item.serialize(each).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return {
    to: oid,
    from: [oid],
    parse: (written: string) => parseArray(written, item.parse),
    // An array that is written already passes.
    serialize: (items: string | readonly (Item | null)[]) =>
      typeof items === "string" ? items : `{${items.map(write).join()}}`,
  };
}
