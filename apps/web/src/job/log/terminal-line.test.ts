import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainLook } from "./look.ts";
import { plainText, showLine } from "./terminal-line.ts";

const shown = (text: string) => plainText(text, plainLook);
const looks = (text: string) =>
  showLine(text, plainLook).spans.map(({ text: part, look }) => [part, look] as const);

describe("what overwrites a line", () => {
  test.each([
    ["a CR goes back, and what follows overwrites", "10%\r50%\r100%", "100%"],
    ["what a shorter text does not reach stays", "12345\rab", "ab345"],
    ["a CR at the end changes nothing", "done\r", "done"],
    ["a CR alone is an empty line", "\r", ""],
    ["erasing to the end takes the rest", "12345\rab\u001b[K", "ab"],
    ["erasing the line takes all of it", "12345\u001b[2K\rab", "ab"],
    ["erasing to the cursor leaves spaces", "12345\u001b[3D\u001b[1K", "   45"],
    ["a backspace goes one back", "|\b/\b-", "-"],
    ["the cursor goes to a column", "12345\u001b[2Gx", "1x345"],
    ["beyond the end there are spaces", "ab\u001b[3Cc", "ab   c"],
    ["a far jump is held at a bound", "\u001b[999999Cx", `${" ".repeat(4_096)}x`],
    ["a character of two units is one", "😀😀\rx", "x😀"],
  ])("%s", (_, text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});

describe("colours", () => {
  test("begin and end where the program says", () => {
    expect(looks("a \u001b[31mred\u001b[0m b")).toEqual([
      ["a ", plainLook],
      ["red", { ...plainLook, fg: "1" }],
      [" b", plainLook],
    ]);
  });

  test("go on in the next line where nothing ended them", () => {
    const { look } = showLine("\u001b[1;92mgo", plainLook);
    expect(showLine("on", look).spans).toEqual([
      { text: "on", look: { ...plainLook, fg: "10", bold: true } },
    ]);
  });

  test.each([
    ["38:2::255:100:0", { fg: "#ff6400" }],
    ["38:2:255:100:0;1", { fg: "#ff6400", bold: true }],
    ["48:5:196", { bg: "#ff0000" }],
    ["4:3", { underline: true }],
    ["38;5;9", { fg: "9" }],
    ["38;5;196", { fg: "#ff0000" }],
    ["38;5;244", { fg: "#808080" }],
    ["48;2;1;2;300", { bg: "#0102ff" }],
    ["38;5;999", {}],
    ["1;2;3;4;7;9", { bold: true, dim: true, italic: true, underline: true, inverse: true, strike: true }],
    ["1;22;31;39", {}],
    ["", {}],
    ["99", {}],
  ])("%s", (parameters, expected) => {
    expect(looks(`\u001b[${parameters}mx`)).toEqual([["x", { ...plainLook, ...expected }]]);
  });

  test("of characters that were overwritten are gone", () => {
    expect(looks("\u001b[31mred\r\u001b[0mxyz")).toEqual([["xyz", plainLook]]);
  });
});

describe("what no line can show", () => {
  test.each([
    ["a title is not text", "\u001b]0;title\u0007text", "text"],
    ["of a link its text stays", "\u001b]8;;http://example.invalid\u001b\\here\u001b]8;;\u001b\\", "here"],
    ["moves between lines are left out", "\u001b[2J\u001b[5Atext\u001b[?25l", "text"],
    ["a string without an end hides nothing", "\u001b]0;never ended", "]0;never ended"],
    ["half a sequence hides nothing", "text\u001b[31", "text[31"],
    ["a bell is silent", "\u0007text", "text"],
    ["a NUL has a picture", "a\u0000b", "a\u2400b"],
    ["what turns the direction is told", "a\u202eb", "a\u27e8U+202E\u27e9b"],
    ["a tab stays", "a\tb", "a\tb"],
  ])("%s", (_, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test("nothing that is shown could steer a terminal, whatever was printed", () => {
    const piece = fc.constantFrom(
      "\u001b[",
      "\u001b]",
      "\u001b",
      "31m",
      "K",
      "\r",
      "\b",
      "\u009b",
      "a",
      "é",
      "😀",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 30 }), (pieces) => {
        const steering = /[\p{Cc}\u202a-\u202e]/u;
        expect(shown(pieces.join("")).replaceAll("\t", "")).not.toMatch(steering);
      }),
    );
  });
});
