import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSources } from "./source-files.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "reliability.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d+) +\|.*\| ([^|]*) \|$/gm)].map(([, number = "", shownBy = ""]) => ({
  number,
  files: [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
}));
const tests = readSources("test.ts");

/** The tests in a file, or in a folder, of which the page gives the path or its end. */
const testsOf = (file: string) =>
  tests.filter(({ path }) => `/${path}`.endsWith(`/${file}`) || `/${path}`.includes(`/${file}/`));

describe("the matrix of faults in docs/reliability.md", () => {
  test("has a line for each of the 28", () => {
    expect(rows.map(({ number }) => Number(number))).toEqual(Array.from({ length: 28 }, (_, at) => at + 1));
  });

  test("names files that are there", () => {
    expect(rows.flatMap(({ files }) => files).filter((file) => testsOf(file).length === 0)).toEqual([]);
  });

  test("names for each fault a test whose title has its number", () => {
    const isNamed = ({ number, files }: (typeof rows)[number]): boolean => {
      const title = new RegExp(`\\((?:fault|matrix row)s? ${number}\\)|\\brows? (?:\\d+ and )?${number}\\b`);
      return files.flatMap(testsOf).some(({ text }) => title.test(text));
    };
    expect(rows.filter((row) => !isNamed(row)).map(({ number }) => number)).toEqual([]);
  });
});
