import { describe, expect, test } from "vitest";
import type { ListedOutput } from "../sandbox/sandbox-provider.ts";
import { createLeftOutFinder } from "./find-left-out.ts";
import type { LeftOut } from "./write-archive.ts";

const output = (path: string, more: Partial<ListedOutput> = {}): ListedOutput => ({
  ...{ kind: "file", readable: true, bytes: 1, path: Buffer.from(path) },
  ...more,
});

function leftOut(...outputs: readonly (ListedOutput | null)[]): readonly LeftOut[] {
  const finder = createLeftOutFinder(1_000);
  for (const each of outputs) finder.take(each);
  return finder.found();
}

const told = (...outputs: readonly (ListedOutput | null)[]) =>
  leftOut(...outputs).map(({ path, reason }) => `${path.toString()}: ${reason}`);

describe("what a tar leaves out", () => {
  test.each([
    ["a socket", output("x", { kind: "socket" }), /socket/],
    ["a FIFO", output("x", { kind: "fifo" }), /FIFO/],
    ["a device", output("x", { kind: "device" }), /device/],
    ["what is none of these", output("x", { kind: "other" }), /kind/],
    ["a file that cannot be read", output("x", { readable: false }), /cannot be read/],
    ["a folder that cannot be entered", output("x", { kind: "folder", readable: false }), /cannot be read/],
    ["a file that is too large", output("x", { bytes: 1_001 }), /1001 bytes/],
    ["a path that cannot be opened", output("x".repeat(4_094)), /over 4096/],
    ["what lies too deep", output("d/".repeat(100) + "x"), /100 folders deep/],
  ])("is named with the reason: %s", (_, given, reason) => {
    expect(leftOut(output("before"), given, null)).toEqual([
      expect.objectContaining({ path: given.path, reason: expect.stringMatching(reason) as string }),
    ]);
  });

  test("is not what it holds", () => {
    const held = [
      output("f"),
      output("d", { kind: "folder" }),
      output("l", { kind: "link", readable: false }),
    ];
    expect(leftOut(...held, output("x".repeat(4_093)), output("d/".repeat(99) + "x"), null)).toEqual([]);
  });

  test("is told as far as it was listed, where that was cut off", () => {
    expect(told(output("pipe", { kind: "fifo" }))).toEqual([
      "pipe: it is a FIFO",
      "…: what else was left out could not be listed",
    ]);
  });

  test("is counted where its names are more than a worker is to hold", () => {
    const many = Array.from({ length: 5_000 }, (_, at) =>
      output(`${"x".repeat(8_000)}${String(at)}`, { kind: "fifo" }),
    );
    const found = told(...many, null);
    expect(found.length).toBeLessThan(2_200);
    expect(found.at(-1)).toBe(
      `…: ${String(5_001 - found.length)} more were left out, and are not named here`,
    );
  });

  test("is named all the same where it is the first that is too large, which ends the job", () => {
    const many = Array.from({ length: 3_000 }, () => output("x".repeat(8_000), { kind: "fifo" }));
    const found = leftOut(...many, output("one", { bytes: 2_000 }), output("two", { bytes: 2_000 }), null);
    expect(found.filter(({ tooLarge }) => tooLarge === true).map(({ path }) => path.toString())).toEqual([
      "one",
    ]);
  });
});
