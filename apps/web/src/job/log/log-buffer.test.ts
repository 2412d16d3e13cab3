import type { LogLine } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { createLogBuffer, type LogBuffer } from "./log-buffer.ts";
import { plainLook } from "./look.ts";
import { showLine } from "./terminal-line.ts";

const line = (seq: number, more: Partial<LogLine> = {}): LogLine => ({
  ...{ seq, time: "2026-01-01T00:00:00.000Z", attempt: 1, node: "shell", step: 1, stream: "stdout" },
  text: `line ${String(seq)}`,
  ...more,
});

/** A buffer of a log that has all these lines, of which it holds three pages of ten rows. */
function bufferOf(lines: readonly LogLine[]) {
  const asked: (readonly [number, number])[] = [];
  let loaded = 0;
  const buffer = createLogBuffer({
    ...{ pageRows: 10, mostPages: 3, onLoaded: () => void (loaded += 1) },
    load: (after, count) => {
      asked.push([after, count]);
      return Promise.resolve(lines.filter(({ seq }) => seq > after).slice(0, count));
    },
  });
  for (const each of lines) buffer.append(each, 1);
  return { buffer, asked, loaded: () => loaded };
}

const texts = (buffer: LogBuffer) =>
  Array.from({ length: buffer.count() }, (_, place) => buffer.peek(place)?.text ?? null);

describe("the lines of a log", () => {
  test("are rows, in order", () => {
    const { buffer } = bufferOf([line(5), line(6), line(9)]);
    expect(texts(buffer)).toEqual(["line 5", "line 6", "line 9"]);
  });

  test("that came in pieces are one row, also where another stream printed between", () => {
    const { buffer } = bufferOf([
      line(1, { text: "a" }),
      line(2, { stream: "stderr", text: "warning" }),
      line(3, { text: "b", continued: true }),
    ]);
    expect(texts(buffer)).toEqual(["ab", "warning"]);
  });

  test("that goes on without end is kept to a limit, and the rest is counted", () => {
    const pieces = Array.from({ length: 5 }, (_, place) => ({
      ...line(place + 1, { text: "x".repeat(16_384) }),
      ...(place === 0 ? {} : { continued: true as const }),
    }));
    const { buffer } = bufferOf(pieces);
    expect(buffer.count()).toBe(1);
    expect(buffer.peek(0)?.text).toHaveLength(65_536);
    expect(buffer.peek(0)?.cut).toBe(16_384);
  });

  test("that were overwritten for hours show what stands there at last, in its colour", () => {
    const pieces = Array.from({ length: 3_000 }, (_, done) => ({
      ...line(done + 1, {
        text: `\u001b[32m\r${String(done).padStart(4)} of 3000 ${"#".repeat(60)}\u001b[1m`,
      }),
      ...(done === 0 ? {} : { continued: true as const }),
    }));
    const { buffer } = bufferOf([...pieces, line(3_001, { text: "behind it" })]);
    const row = buffer.peek(0);
    expect(buffer.count()).toBe(2);
    expect(row?.cut).toBe(0);
    expect(row === null ? [] : showLine(row.text, row.before).spans).toEqual([
      { text: `2999 of 3000 ${"#".repeat(60)}`, look: { ...plainLook, fg: "2", bold: true } },
    ]);
    expect(buffer.peek(1)?.before).toMatchObject({ fg: "2", bold: true });
  });

  test("go on in a colour whose sequence came in two pieces", () => {
    const { buffer } = bufferOf([
      line(1, { text: "a\u001b[3" }),
      line(2, { text: "1mred", continued: true }),
      line(3, { text: "still red" }),
    ]);
    expect(buffer.peek(1)?.before).toMatchObject({ fg: "1" });
  });

  test("go on in the colour of the line before, in the same step alone", () => {
    const { buffer } = bufferOf([
      line(1, { text: "\u001b[31mred" }),
      line(2, { text: "still red" }),
      line(3, { step: 2, text: "plain" }),
    ]);
    expect([0, 1, 2].map((place) => buffer.peek(place)?.before.fg)).toEqual([null, "1", null]);
  });
});

describe("a log that is longer than memory", () => {
  const lines = Array.from({ length: 75 }, (_, place) => line(place * 2 + 1));

  test("keeps a place for each row, and its newest rows", () => {
    const { buffer } = bufferOf(lines);
    expect(buffer.count()).toBe(75);
    expect(buffer.resident()).toBeLessThanOrEqual(30);
    expect(buffer.peek(74)?.text).toBe("line 149");
    expect(buffer.peek(0)).toBeNull();
  });

  test("fetches what is looked at, once, and holds no more than before", async () => {
    const { buffer, asked, loaded } = bufferOf(lines);
    expect(buffer.row(12)).toBeNull();
    expect(buffer.row(13)).toBeNull();
    await expect.poll(loaded).toBe(1);
    expect(asked).toEqual([[19, 10]]);
    expect(buffer.row(12)?.text).toBe("line 25");
    expect(buffer.resident()).toBeLessThanOrEqual(30);
    expect(buffer.peek(74)?.text).toBe("line 149");
  });

  test("makes the same rows of a page that comes back, pieces joined", async () => {
    const inPieces = [
      ...Array.from({ length: 10 }, (_, place) => line(place + 1)),
      line(11, { text: " goes on", continued: true }),
      ...Array.from({ length: 50 }, (_, place) => line(place + 12)),
    ];
    const { buffer, loaded } = bufferOf(inPieces);
    expect(buffer.count()).toBe(60);
    buffer.row(9);
    await expect.poll(loaded).toBe(1);
    expect([9, 10].map((place) => (buffer.row(place) === null ? null : buffer.row(place)?.text))).toEqual([
      "line 10 goes on",
      null,
    ]);
  });

  test("asks again for a page that could not be had", async () => {
    let fails = true;
    let loaded = 0;
    const buffer = createLogBuffer({
      ...{ pageRows: 10, mostPages: 3, onLoaded: () => void (loaded += 1) },
      load: (after, count) =>
        fails
          ? Promise.reject(new Error("away"))
          : Promise.resolve(lines.filter(({ seq }) => seq > after).slice(0, count)),
    });
    for (const each of lines) buffer.append(each, 1);
    buffer.row(0);
    await expect.poll(() => loaded).toBe(1);
    expect(buffer.peek(0)).toBeNull();
    fails = false;
    buffer.row(0);
    await expect.poll(() => buffer.peek(0)?.text).toBe("line 1");
  });
});

describe("the output of a step", () => {
  test("is found by its turn, with the last line of its stderr", () => {
    const { buffer } = bufferOf([]);
    buffer.append(line(1), 1);
    buffer.append(line(2, { stream: "stderr" }), 1);
    buffer.append(line(3), 1);
    buffer.append(line(4, { step: null, stream: "system" }), 1);
    buffer.append(line(5), 2);
    expect(buffer.section(1, 1)).toEqual({ from: 0, to: 3, lastError: 1 });
    expect(buffer.section(2, 1)).toEqual({ from: 4, to: 5, lastError: null });
    expect(buffer.section(2, 2)).toBeNull();
  });
});
