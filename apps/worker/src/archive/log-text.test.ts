import type { LogLine } from "@longshore/shared/contracts/log-line";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { toLogNdjson, toLogText } from "./log-text.ts";

async function* lines(...texts: readonly (string | Partial<LogLine>)[]): AsyncGenerator<LogLine> {
  for (const [at, text] of texts.entries()) {
    const base = {
      seq: at + 1,
      time: "2026-01-02T03:04:05.678Z",
      attempt: 1,
      node: null,
      step: null,
    } as const;
    yield { ...base, stream: "stdout", text: "", ...(typeof text === "string" ? { text } : text) };
  }
}

const text = async (source: AsyncIterable<Buffer>) => (await buffer(Readable.from(source))).toString();

test("the log for people has no sequence that a terminal would obey, and keeps tabs and CR", async () => {
  const log = lines("\x1b]0;title\x07a\x1b[31mred\x1b[0m", "c1\x9b2J", "a\tb\rc", "x\u202ey", "\0\x08\x7f");
  expect(await text(toLogText(log))).toBe("ared\nc1\na\tb\rc\nxy\n\n");
});

test("the log for people joins what continues a line, and leaves out what the service said itself", async () => {
  const log = lines("a", { text: "b", continued: true }, { stream: "system", text: "said" }, "c");
  expect(await text(toLogText(log))).toBe("ab\nc\n");
});

test("the log for programs has every line as it was", async () => {
  const log = await text(toLogNdjson(lines("\x1b[31m", { stream: "system", text: "said" })));
  expect(
    log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).text),
  ).toEqual(["\x1b[31m", "said"]);
});

test("an empty log is an empty file", async () => {
  expect(await text(toLogText(lines()))).toBe("");
  expect(await text(toLogNdjson(lines()))).toBe("");
});
