import { describe, expect, test } from "vitest";
import { canBeSet } from "./markdown-bounds.ts";

const item = "- **pier_north**, [its page](https://example.org/a_(b)): `ships[0][1]`, *late* and ~~gone~~\n";

describe("Markdown is set", () => {
  test.each([
    ["nothing", ""],
    ["a list of a thousand items without a line between", item.repeat(1_000)],
    ["a paragraph of many names", "a **b**, (*c*) and `d_e_f` of __init__.py; ".repeat(500)],
    ["quotes and lists in each other", `${"> ".repeat(20)}- 1. * text\n`],
    ["lines across the page", `${"-".repeat(200)}\n${"* ".repeat(20)}\n${"=".repeat(200)}\n`],
    ["a table of a thousand rows", `| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(1_000)}`],
    ["numbers in columns", "1 2 3 4 5 6 7 8 9 ".repeat(20)],
    ["code", "```c\nfor (;;) { int *p = a[b[c[0]]]; *p++ = x * y; }\n```\n".repeat(500)],
  ])("%s", (_, text) => {
    expect(canBeSet(text)).toBe(true);
  });
});

describe("Markdown that is made to be large is text:", () => {
  test.each([
    ["of more than 100 kB", "a ".repeat(50_001)],
    ["quotes within quotes", `a\n\n${">".repeat(1_000)} b`],
    ["lists within lists, in one line", `${"- ".repeat(1_000)}a`],
    [
      "lists within lists, line by line",
      Array.from({ length: 200 }, (_, at) => `${" ".repeat(2 * at)}- a`).join("\n"),
    ],
    ["numbered lists within lists", `${"1. ".repeat(1_000)}a`],
    ["brackets without end", "[".repeat(50_000)],
    ["brackets without end, over lines", "[[\n".repeat(20_000)],
    ["pictures within pictures", `${"![a".repeat(1_000)}${"](b)".repeat(1_000)}`],
    ["emphasis within emphasis", `${"*a **a ".repeat(1_000)}b${"** *".repeat(1_000)}`],
    ["a table of countless cells", `${"|a".repeat(10_000)}\n${"|-".repeat(10_000)}\n${"a\n".repeat(20_000)}`],
  ])("%s", (_, text) => {
    expect(canBeSet(text)).toBe(false);
  });
});
