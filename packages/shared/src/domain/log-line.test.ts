import fc from "fast-check";
import { expect, test } from "vitest";
import { toStorableText } from "./log-line.ts";

test("NUL and lone surrogates become U+FFFD, one each, and nothing else changes", () => {
  expect(toStorableText("a\0b\0")).toBe("a\ufffdb\ufffd");
  expect(toStorableText("\ud83d and \ude00 but \ud83d\ude00")).toBe("\ufffd and \ufffd but \u{1f600}");
  expect(toStorableText("\r\t\u0001\u007f")).toBe("\r\t\u0001\u007f");
});

test("any text becomes storable, keeps its length, and is then left alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), (text, at) => {
      const broken = text.slice(0, at) + "\0\ud800" + text.slice(at);
      const storable = toStorableText(broken);
      expect(storable.isWellFormed() && !storable.includes("\0")).toBe(true);
      expect(storable).toHaveLength(broken.length);
      expect(toStorableText(storable)).toBe(storable);
    }),
  );
});
