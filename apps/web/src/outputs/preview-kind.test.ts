import { expect, test } from "vitest";
import { isText, previewKindOf, shownMediaType } from "./preview-kind.ts";
import { readUpTo } from "./read-up-to.ts";

test.each([
  ["outputs/plot.PNG", "image"],
  ["outputs/a.svg", "image"],
  ["outputs/data.csv", "table"],
  ["outputs/run.py", "text"],
  ["outputs/page.html", "text"],
  ["outputs/Makefile", null],
  ["outputs/x.constructor", null],
  ["outputs/x.__proto__", null],
])("%s is shown as %j", (path, kind) => {
  expect(previewKindOf(path)).toBe(kind);
});

test.each(["a.html", "a.xhtml", "a.js", "a.swf", "a", "a.toString"])(
  "%s is never handed to the browser under a type that could run",
  (path) => {
    expect(shownMediaType(path)).toBe("application/octet-stream");
  },
);

test.each([
  ["plain words", new TextEncoder().encode("a\nb ü"), true],
  ["a character that is cut off at the end", new TextEncoder().encode("ü").subarray(0, 1), true],
  ["a NUL", new Uint8Array([65, 0, 66]), false],
  ["what is no UTF-8", new Uint8Array([65, 0xff, 0xfe]), false],
  ["a NUL in UTF-16", new Uint8Array([0xff, 0xfe, 0, 0]), false],
  ["nothing", new Uint8Array(), true],
] as const)("%s: is it text?", (_, bytes, expected) => {
  expect(isText(bytes)).toBe(expected);
});

test("no more is read of a stream than is asked for", async () => {
  let pulled = 0;
  let isCancelled = false;
  const endless = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(10).fill(pulled));
      },
      cancel: () => void (isCancelled = true),
    });
  const { bytes, isWhole } = await readUpTo({ body: endless() }, 25);
  expect([bytes.length, isWhole, isCancelled]).toEqual([25, false, true]);
  expect(pulled).toBeLessThan(6);
});

test("a stream of exactly as much as is asked for is whole", async () => {
  expect(await readUpTo(new Response(new Uint8Array(25)), 25)).toMatchObject({ isWhole: true });
});
