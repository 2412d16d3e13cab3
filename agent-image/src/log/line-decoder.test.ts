import { longestLineBytes } from "@longshore/shared/domain/log-line";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineDecoder, type LogLine } from "./line-decoder.ts";

function decode(chunks: readonly Uint8Array[], longest = longestLineBytes): LogLine[] {
  const decoder = createLineDecoder(longest);
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

const decodeText = (text: string, longest?: number): LogLine[] => decode([Buffer.from(text)], longest);

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, at) => bytes.subarray(places[at], place));
}

/** Bytes with much of what is hard: newlines, NUL, parts of UTF-8 sequences, and whole ones. */
const hostileBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom("\n", "\0", "\r\n", "a", "é", "€", "😀", "\uFEFF").map((text) => Buffer.from(text)),
      fc
        .constantFrom(0x80, 0xbf, 0xc3, 0xe2, 0x82, 0xf0, 0x9f, 0xed, 0xa0, 0xff)
        .map((byte) => Buffer.of(byte)),
    ),
  )
  .map((parts) => Buffer.concat(parts));

test("any cutting into chunks gives the same lines", () => {
  fc.assert(
    fc.property(
      hostileBytes,
      fc.array(fc.nat(100)),
      fc.integer({ min: 4, max: 12 }),
      (bytes, cuts, longest) => {
        expect(decode(cut(bytes, cuts), longest)).toEqual(decode([bytes], longest));
      },
    ),
  );
});

test("the pieces together are the text, none is too long, and none begins or ends within a code point", () => {
  fc.assert(
    fc.property(hostileBytes, (bytes) => {
      const lines = decode([bytes], 5);
      const text = lines.map((line) => (line.endsLine ? `${line.text}\n` : line.text)).join("");
      const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replaceAll("\0", "\uFFFD");
      expect(text).toBe(whole === "" || whole.endsWith("\n") ? whole : `${whole}\n`);
      for (const line of lines) {
        expect(line.bytes).toBe(Buffer.byteLength(line.text));
        expect(line.bytes).toBeLessThanOrEqual(5);
        expect(line.text.isWellFormed()).toBe(true);
      }
    }),
  );
});

test("CR and a byte order mark stay; NUL and each invalid sequence become U+FFFD", () => {
  expect(decodeText("\uFEFFa\r\nb\0c").map((line) => line.text)).toEqual(["\uFEFFa\r", "b\uFFFDc"]);
  expect(decode([Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x0a])]).map((line) => line.text)).toEqual([
    "a\uFFFD\uFFFD",
  ]);
});

test("a line of exactly the limit is one line, one byte more makes a continued one", () => {
  const exact = "x".repeat(longestLineBytes);
  expect(decodeText(`${exact}\n`).map((line) => line.continued)).toEqual([false]);
  expect(decodeText(`${exact}y\nz`).map(({ text, continued }) => [text.length, continued])).toEqual([
    [longestLineBytes, false],
    [1, true],
    [1, false],
  ]);
});

test("the last line needs no newline, and a newline at the end begins none", () => {
  expect(decodeText("a\n\nb").map((line) => line.text)).toEqual(["a", "", "b"]);
  expect(decodeText("a\n").map((line) => line.text)).toEqual(["a"]);
  expect(decodeText("")).toEqual([]);
});
