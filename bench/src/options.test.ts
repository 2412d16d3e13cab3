import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { readOptions } from "./options.ts";
import { allRows } from "./rows/all-rows.ts";

const numbersOf = (args: readonly string[]) => readOptions(args, allRows).rows.map(({ number }) => number);

test("the table has fifteen rows, numbered in order, each with a name of its own", () => {
  expect(allRows.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  expect(new Set(allRows.map(({ name }) => name)).size).toBe(15);
});

test("without arguments all rows are measured, in full", () => {
  expect(readOptions([], allRows)).toEqual({ rows: allRows, isQuick: false, profile: false });
});

test("rows are named by number, by name or by option, and come in the table's order", () => {
  expect(numbersOf(["12", "cold-start", "--row", "7", "--row", "8"])).toEqual([1, 7, 8, 12]);
});

test("options may stand anywhere", () => {
  expect(readOptions(["--quick", "3", "--profile"], allRows)).toMatchObject({
    isQuick: true,
    profile: true,
    rows: [{ name: "burst" }],
  });
});

test("a row that there is not is refused", () => {
  expect(() => numbersOf(["16"])).toThrow(CommanderError);
});
