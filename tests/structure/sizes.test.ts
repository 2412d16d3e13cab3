import { expect, test } from "vitest";
import { readSources } from "./source-files.ts";

const LONGEST = 300;

test(`no source file has more than ${LONGEST} lines, and none is exempt`, () => {
  const long = readSources("ts", "tsx", "css", "mjs", "c", "h", "sh", "sql")
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > LONGEST);
  expect(long).toEqual([]);
});
