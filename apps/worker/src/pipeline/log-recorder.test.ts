import { expect, test } from "vitest";
import { createLogRecorder } from "./log-recorder.ts";
import { memoryOf } from "./resume-memory.testkit.ts";

function recorderWith(log_mb = 1, memory = memoryOf()) {
  const lines: string[] = [];
  const told: string[] = [];
  const log = createLogRecorder(
    {
      ...{ enter: () => undefined, plan: () => undefined, step: () => undefined, call: () => undefined },
      ...{ sandbox: () => undefined, usage: () => ({ input_tokens: 0, output_tokens: 0, calls: [] }) },
      sandboxView: () => null,
      line: (_, __, text) => void lines.push(text),
      system: (text) => void told.push(text),
    },
    { log_mb },
    memory,
  );
  const print = (...texts: string[]) =>
    log.printed({ type: "lines", index: 1, stream: "stdout", lines: texts, continued: [] });
  return { log, lines, told, print };
}

const dropped = (bytes: number) => ({ type: "dropped", index: 1, bytes, lines: 1 }) as const;

test("what is within the limits is recorded, and its end is the evidence", () => {
  const { log, lines, print } = recorderWith();
  expect(print("one", "two")).toBeNull();
  expect(lines).toEqual(["one", "two"]);
  expect(log.tail(1)).toBe("one\ntwo");
  log.forgetTails();
  expect(log.tail(1)).toBe("");
});

test("a line longer than 16 KiB is a breach", () => {
  const { print } = recorderWith();
  expect(print("x".repeat(16_384))).toBeNull();
  expect(print("é".repeat(8_193))).toMatch(/longer than 16 KiB/);
});

test("more bytes, or more lines, than log_mb allows are a breach", () => {
  const bytes = recorderWith();
  const kilobytes16 = "x".repeat(16_384);
  for (let count = 0; count < 65; count += 1) expect(bytes.print(kilobytes16)).toBeNull();
  expect(bytes.print(kilobytes16)).toMatch(/more log/);
  const lines = recorderWith();
  expect(lines.print(...Array<string>(65_537).fill(""))).toBeNull();
  expect(lines.print("")).toMatch(/more log/);
});

test("what was dropped is said when it begins and, with its sum, when the step ends", () => {
  const { log, told } = recorderWith(3);
  expect(log.dropped(dropped(5))).toBeNull();
  expect(log.dropped(dropped(900))).toBeNull();
  expect(told).toEqual([
    expect.stringContaining("limits.log_mb (3) is reached"),
    expect.stringContaining("900 bytes in 1 lines"),
  ]);
});

test("an agent that goes on telling what it dropped is no agent of ours, else its words would be a log without bound", () => {
  const { log, told } = recorderWith();
  log.dropped(dropped(1));
  log.dropped(dropped(2));
  expect(log.dropped(dropped(3))).toMatch(/again and again/);
  expect(told).toHaveLength(2);
  log.forgetTails();
  expect(log.dropped(dropped(4))).toBeNull();
});

test("the next owner goes on with the end of what the former one had recorded", () => {
  const { log, lines, print } = recorderWith();
  for (const line of ["one", "two"]) log.restoreTail(1, line);
  log.restoreTail(2, "other");
  print("three");
  expect(lines).toEqual(["three"]);
  expect([log.tail(1), log.tail(2)]).toEqual(["one\ntwo\nthree", "other"]);
});

test("the next owner does not say again that output is dropped from here on", () => {
  const memory = memoryOf();
  recorderWith(3, memory).log.dropped(dropped(5));
  const next = recorderWith(3, memoryOf(memory.state()));
  next.log.dropped(dropped(900));
  expect(next.told).toEqual([expect.stringContaining("900 bytes in 1 lines")]);
});
