import fc from "fast-check";
import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

const size = fc.integer({ min: 1, max: 1_000_000 });

test("a range inside gives exactly its bytes", () => {
  fc.assert(
    fc.property(size, fc.nat(), fc.nat(), (all, a, b) => {
      const start = a % all;
      const end = start + (b % (all - start));
      expect(parseByteRange(`bytes=${String(start)}-${String(end)}`, all)).toEqual({
        type: "part",
        start,
        end,
      });
    }),
  );
});

test("a suffix gives the last bytes, and all where it is longer than the whole", () => {
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 2_000_000 }), (all, suffix) => {
      const start = Math.max(0, all - suffix);
      expect(parseByteRange(`bytes=-${String(suffix)}`, all)).toEqual({ type: "part", start, end: all - 1 });
    }),
  );
});

test("whatever is sent, a part lies within the whole", () => {
  const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,20}-\d{0,20}$/));
  fc.assert(
    fc.property(header, fc.nat(), (text, all) => {
      const range = parseByteRange(text, all);
      if (range.type !== "part") return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(all);
    }),
  );
});

test("no header, another unit, several ranges and nonsense mean the whole", () => {
  for (const header of [
    undefined,
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "items=0-1",
    "bytes=0-1,3-4",
    "bytes=9-1",
  ]) {
    expect(parseByteRange(header, 10)).toEqual({ type: "whole" });
  }
});
