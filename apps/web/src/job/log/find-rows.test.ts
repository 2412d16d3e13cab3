import type { LogLine } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { findRows } from "./find-rows.ts";
import { readLineAnchor } from "./line-anchor.ts";
import { createLogBuffer } from "./log-buffer.ts";
import { plainLook } from "./look.ts";
import { markSpans } from "./mark-spans.ts";

function bufferOf(texts: readonly string[]) {
  const buffer = createLogBuffer({
    ...{ pageRows: 2, mostPages: 2, onLoaded: () => undefined },
    load: () => Promise.reject(new Error("not asked for in these tests")),
  });
  for (const [place, text] of texts.entries()) {
    const line: LogLine = {
      ...{ seq: place + 1, time: "2026-01-01T00:00:00.000Z", attempt: 1, node: "shell", step: 1 },
      ...{ stream: "stdout", text },
    };
    buffer.append(line, 1);
  }
  return buffer;
}

describe("looking for a text", () => {
  test("finds it whatever its case, and through colours", () => {
    const buffer = bufferOf(["an Error", "fine", "e\u001b[31mrr\u001b[0mor"]);
    expect(findRows(buffer, { from: 0, to: 3 }, "ERROR")).toEqual({
      places: [0, 2],
      isMore: false,
      unseen: 0,
    });
  });

  test("finds what the line shows, and not what was overwritten", () => {
    expect(findRows(bufferOf(["10%\r20%"]), { from: 0, to: 1 }, "10%").places).toEqual([]);
  });

  test("says how many rows it could not look at", () => {
    const { places, unseen } = findRows(bufferOf(["x", "x", "x", "x", "x"]), { from: 0, to: 5 }, "x");
    expect([places, unseen]).toEqual([[2, 3, 4], 2]);
  });
});

describe("what was found in a line", () => {
  const red = { ...plainLook, fg: "1" };

  test("is marked where it is, also where its colour changes within", () => {
    const spans = [
      { text: "an er", look: plainLook },
      { text: "ror, an error", look: red },
    ];
    expect(markSpans(spans, "Error").map(({ text, isHit }) => [text, isHit])).toEqual([
      ["an ", false],
      ["er", true],
      ["ror", true],
      [", an ", false],
      ["error", true],
    ]);
  });

  test("is not marked where a letter's lower case has another length", () => {
    expect(markSpans([{ text: "İx error", look: plainLook }], "error")).toEqual([
      { text: "İx error", look: plainLook, isHit: false },
    ]);
  });
});

test.each([
  ["#L123", 123],
  ["#L0", null],
  ["#L", null],
  ["#L1x", null],
  ["#L9999999999", null],
  ["", null],
])("the address %j points to the line %j", (hash, line) => {
  expect(readLineAnchor(hash)).toBe(line);
});
