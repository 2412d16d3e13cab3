import { expect, test } from "vitest";
import { isText } from "./preview-kind.ts";
import { readText } from "./read-text.ts";

const littleEndian = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
const bigEndian = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le").swap16());

test.each([
  ["UTF-8", new TextEncoder().encode("Hafen Köln")],
  ["UTF-8 with a mark", new TextEncoder().encode("\ufeffHafen Köln")],
  ["UTF-16, as spreadsheets write it", littleEndian("Hafen Köln")],
  ["UTF-16, the other way round", bigEndian("Hafen Köln")],
])("%s is text, and read as such", (_, bytes) => {
  expect(isText(bytes)).toBe(true);
  expect(readText(bytes, true)).toBe("Hafen Köln");
});

test("a character that is cut off at the end of what was fetched is left out", () => {
  expect(readText(new TextEncoder().encode("Köln").subarray(0, 2), false)).toBe("K");
});
