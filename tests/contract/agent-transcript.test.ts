import type { NewEvent } from "@longshore/shared/contracts/event";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { playSession } from "./play-session.ts";
import { recordedFrames } from "./recorded-session.ts";
import { wrongSessions } from "./wrong-sessions.ts";

test("every frame of the recording satisfies its schema, and the agent's numbers have no gap", () => {
  const numbers = recordedFrames.flatMap((frame) => ("seq" in frame ? [frame.seq] : []));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, position) => position + 1));
  expect(numbers.length).toBeGreaterThan(15);
  expect(recordedFrames.at(-1)?.type).toBe("done");
});

describe("the pipeline, with an agent that plays the recording,", () => {
  test("ends as completed, with what the steps did", async () => {
    const { end, events, evidence, done } = await playSession(recordedFrames);
    expect(end).toEqual({ type: "completed" });
    // All that is numbered but the last, `done`: it is never acknowledged.
    expect(done).toEqual(recordedFrames.flatMap((frame) => (frame.type === "event" ? [frame.seq] : [])));
    expect(stepEnds(events)).toEqual([
      [1, "python", "succeeded", 0],
      [2, "shell", "failed", null],
      [3, "shell", "failed", 3],
      [1, "write_file", "succeeded", 0],
      [2, "shell", "succeeded", 0],
    ]);
    expect(evidence.map(({ exit_code, status }) => [status, exit_code])).toEqual([
      ["succeeded", 0],
      ["failed", null],
      ["failed", 3],
    ]);
    expect(evidence.at(-1)?.outputTail).toBe("hello\ncafé \uFFFD\nno such thing");
    const system = events.flatMap((event) =>
      event.type === "log" && event.stream === "system" ? [event.text] : [],
    );
    expect(system.at(-1)).toContain("88931 bytes in 15786 lines");
  });

  test.each(wrongSessions().map(({ name, of, ends }) => [name, of, ends] as const))(
    "%s is a breach or a failure, never a success",
    async (_, wrongSession, ends) => {
      const position = fc.nat(recordedFrames.length - 1);
      await fc.assert(
        fc.asyncProperty(position, fc.integer({ min: 1, max: 50 }), async (at, by) => {
          const session = wrongSession(at, by);
          fc.pre(session !== null);
          const { end } = await playSession(session ?? []);
          expect(ends).toContain(end.type);
        }),
        { numRuns: 60 },
      );
    },
  );
});

function stepEnds(events: readonly NewEvent[]) {
  return events.flatMap((event) =>
    event.type === "step" && event.body.status !== "running"
      ? [[event.body.index, event.body.kind, event.body.status, event.body.exit_code]]
      : [],
  );
}
