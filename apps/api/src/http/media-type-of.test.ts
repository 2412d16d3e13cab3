import { expect, test } from "vitest";
import { mediaTypeOf } from "./media-type-of.ts";

test.each([
  ["a/table.CSV", "text/csv; charset=utf-8"],
  ["notes.md", "text/markdown; charset=utf-8"],
  ["plot.png", "image/png"],
  ["main.ts", "text/plain; charset=utf-8"],
  ["folder.png/none", "application/octet-stream"],
  ["png", "application/octet-stream"],
  ["a.constructor", "application/octet-stream"],
  ["a.__proto__", "application/octet-stream"],
])("the media type of %s is %s", (path, type) => {
  expect(mediaTypeOf(path)).toBe(type);
});
