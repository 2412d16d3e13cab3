import { createSecretMask } from "@longshore/shared/domain/secret-mask";
import { longestLineBytes } from "@longshore/shared/domain/log-line";
import { expect, test } from "vitest";
import { createLineMask, type PrintedPiece } from "./line-mask.ts";

const mask = createSecretMask(["hunter2-and-more"]);
const piece = (text: string, more: Partial<PrintedPiece> = {}): PrintedPiece => ({
  ...{ index: 1, stream: "stdout", text, continued: false },
  ...more,
});

function masked(before: string | null = null) {
  const out: PrintedPiece[] = [];
  const lines = createLineMask(mask, (each) => out.push(each), before);
  return { lines, out, text: () => out.map(({ text }) => text).join("") };
}

const full = (end: string) => "x".repeat(longestLineBytes - end.length) + end;

test("a line that has ended is given whole at once, though a secret might begin at its end", () => {
  const { lines, out } = masked();
  lines.take(piece("my hunter2-and"));
  expect(out).toEqual([piece("my hunter2-and")]);
  expect(lines.held()).toBeNull();
});

test("a secret on the border of two pieces of a line is masked, the rest of both is not", () => {
  const { lines, text } = masked();
  lines.take(piece(full("hunter2-")));
  lines.take(piece("and-more, said he", { continued: true }));
  expect(text()).toBe(`${"x".repeat(longestLineBytes - 8)}***, said he`);
});

test("the other stream does not come between", () => {
  const { lines, text } = masked();
  lines.take(piece(full("hunter2-")));
  lines.take(piece("warning", { stream: "stderr" }));
  lines.take(piece("and-more", { continued: true }));
  expect(text()).toBe(`${"x".repeat(longestLineBytes - 31)}warning${"x".repeat(23)}***`);
});

test("what was kept back of a line that ended after all is given, as a piece that goes on it", () => {
  const { lines, out } = masked();
  lines.take(piece(full("hunter2-")));
  lines.take(piece("another line"));
  expect(out.slice(1)).toEqual([
    piece(`${"x".repeat(23)}hunter2-`, { continued: true }),
    piece("another line"),
  ]);
});

test("what was kept back is given when the step ends", () => {
  const { lines, text } = masked();
  lines.take(piece(full("hunter2-")));
  lines.end();
  expect(text()).toBe(full("hunter2-"));
  expect(lines.held()).toBeNull();
});

test("another worker goes on in mid-secret with what the first one held", () => {
  const first = masked();
  first.lines.take(piece(full("hunter2-")));
  const next = masked(first.lines.held());
  next.lines.take(piece("and-more, said he", { continued: true }));
  expect(first.text() + next.text()).toBe(`${"x".repeat(longestLineBytes - 8)}***, said he`);
});

test.each([
  ["a colour begins or ends", "it is \x1b[01;31m\x1b[Khunter2\x1b[m\x1b[K-and-more, said he"],
  ["a title is set", "it is hunter2-\x1b]0;title\x07and-more, said he"],
  ["the cursor goes back", "it is hunter2-\x08and-more, said he"],
  ["the text turns its direction", "it is hunter2\u202e-and\u202c-more, said he"],
])("a secret within which %s is masked, and the line is plain", (_, line) => {
  const { lines, text } = masked();
  lines.take(piece(line));
  expect(text()).toBe("it is ***, said he");
});

test("a coloured line keeps its colours where they hide nothing", () => {
  const { lines, text } = masked();
  lines.take(piece("\x1b[32mok\x1b[0m: \x1b[1mhunter2-and-more\x1b[0m"));
  expect(text()).toBe("\x1b[32mok\x1b[0m: \x1b[1m***\x1b[0m");
});

test("a coloured secret on the border of two pieces of a line is masked", () => {
  const { lines, text } = masked();
  lines.take(piece(full("\x1b[31mhunter2-")));
  lines.take(piece("\x1b[0mand-more, said he", { continued: true }));
  expect(text()).toMatch(/^x+\*\*\*, said he$/);
});

test("no piece gets longer than a line may be", () => {
  const { lines, out } = masked();
  const wide = "é".repeat(longestLineBytes / 2);
  lines.take(piece(wide));
  for (let count = 0; count < 3; count += 1) lines.take(piece(wide, { continued: true }));
  lines.end();
  expect(out.map(({ text }) => text).join("")).toBe(wide.repeat(4));
  expect(Math.max(...out.map(({ text }) => Buffer.byteLength(text)))).toBeLessThanOrEqual(longestLineBytes);
  expect(out.map(({ continued }) => continued)).toEqual(out.map((_, index) => index > 0));
});
