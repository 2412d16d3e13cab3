import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameSplitter } from "./frame-splitter.ts";

function split(chunks: readonly Buffer[], longest = 1_000): { lines: string[]; ok: boolean } {
  const splitter = createFrameSplitter(longest);
  const lines: string[] = [];
  const ok = chunks.every((chunk) => splitter.push(chunk, (line) => lines.push(line.toString("utf8"))));
  return { lines, ok };
}

test("any cutting into chunks gives the same lines", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.nat(200)), (texts, cuts) => {
      const wanted = texts.map((text) => text.replaceAll("\n", " ")).filter((text) => text !== "");
      const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(""));
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      const chunks = places.slice(1).map((place, at) => bytes.subarray(places[at], place));
      expect(split(chunks, 10_000)).toEqual({ lines: wanted, ok: true });
    }),
  );
});

test("a line over the limit is refused, with its newline or before it came", () => {
  expect(split([Buffer.from("12345\n")], 5)).toEqual({ lines: ["12345"], ok: true });
  expect(split([Buffer.from("123456\n")], 5).ok).toBe(false);
  expect(split([Buffer.from("123"), Buffer.from("456")], 5).ok).toBe(false);
  expect(split([Buffer.from("123"), Buffer.from("456\n")], 5).ok).toBe(false);
});

test("empty lines are no frames", () => {
  expect(split([Buffer.from("\n\na\n\n")]).lines).toEqual(["a"]);
});
