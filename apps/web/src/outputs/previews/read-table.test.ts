import { expect, test } from "vitest";
import { mostColumns, mostRows, readTable } from "./read-table.ts";

test("a table is read with its head, quotes and line breaks in cells", () => {
  expect(readTable('a,b\n1,"x, y"\n2,"two\nlines"\n', true)).toEqual({
    ...{ head: ["a", "b"], hiddenColumns: 0, isMore: false },
    rows: [
      ["1", "x, y"],
      ["2", "two\nlines"],
    ],
  });
});

test("tabs divide, too", () => {
  expect(readTable("a\tb\n1\t2\n", true).rows).toEqual([["1", "2"]]);
});

test("what is in a cell is text, also where a spreadsheet would take it for a formula", () => {
  expect(readTable('a\n"=HYPERLINK(""http://example.invalid"")"\n', true).rows).toEqual([
    ['=HYPERLINK("http://example.invalid")'],
  ]);
});

test("rows, columns and cells are read to a limit, and it is told", () => {
  const wide = Array.from({ length: mostColumns + 5 }, (_, at) => String(at)).join(",");
  const table = readTable(
    [wide, ...Array.from({ length: mostRows + 3 }, () => "x".repeat(1_000))].join("\n"),
    true,
  );
  expect([table.rows.length, table.head.length, table.hiddenColumns, table.isMore]).toEqual([
    ...[mostRows, mostColumns, 5, true],
  ]);
  expect(table.rows[0]?.[0]).toHaveLength(502);
});

test("of a file that was cut the last row, which may be half a row, is left out", () => {
  expect(readTable("a,b\n1,2\n3", false)).toMatchObject({ rows: [["1", "2"]], isMore: true });
});

test("nothing is a table without rows", () => {
  expect(readTable("", true)).toEqual({ head: [], rows: [], hiddenColumns: 0, isMore: false });
});
