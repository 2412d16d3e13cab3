import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineBuffer } from "./line-buffer.ts";

describe("createLineBuffer", () => {
  it("gives the lines of a text, however it is cut", () => {
    const text = fc.array(fc.constantFrom("a", "é", "\n", "bc"), { maxLength: 200 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (parts, size) => {
        const bytes = Buffer.from(parts.join(""));
        const lines: string[] = [];
        const buffer = createLineBuffer(1_000);
        for (let at = 0; at < bytes.length; at += size)
          expect(buffer.push(bytes.subarray(at, at + size), (line) => lines.push(line.toString()))).toBe(
            true,
          );
        expect(lines).toEqual(parts.join("").split("\n").slice(0, -1));
      }),
    );
  });

  it("takes a line of exactly its bound and refuses one byte more", () => {
    const take = (bytes: number): boolean =>
      createLineBuffer(5_000).push(Buffer.alloc(bytes, "x"), () => undefined);
    expect([take(5_000), take(5_001)]).toEqual([true, false]);
  });

  it("refuses a line that comes in single bytes once it is too long", () => {
    const buffer = createLineBuffer(100);
    const taken = Array.from({ length: 101 }, () => buffer.push(Buffer.from("x"), () => undefined));
    expect(taken.indexOf(false)).toBe(100);
  });
});
