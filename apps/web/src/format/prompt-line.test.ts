import { expect, test } from "vitest";
import { promptLine } from "./prompt-line.ts";

test.each([
  ["Draw a chart.\n\n```sh\ntrue\n```", "Draw a chart."],
  ["\n  \n  Count them  \n", "Count them"],
  ["```sh\necho ahoy\n```", "echo ahoy"],
  ["~~~python\nprint(1)\n~~~", "print(1)"],
  ["```\n```", null],
  ["  ", null],
  [null, null],
])("%j is known by %j", (prompt, line) => {
  expect(promptLine(prompt)).toBe(line);
});
