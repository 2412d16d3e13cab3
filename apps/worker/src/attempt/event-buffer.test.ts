import { noTimings } from "@longshore/shared/contracts/job-view";
import fc from "fast-check";
import { expect, test } from "vitest";
import { logLines } from "../../../../tests/support/stored-job.ts";
import { createEventBuffer, type EventBatch } from "./event-buffer.ts";

const texts = ({ events }: EventBatch): readonly string[] =>
  events.map((event) => (event.type === "log" ? event.text : ""));

test("gives every event once and in order, whole units only, and an agent's number with all that came in its frame or before", () => {
  const act = fc.oneof(
    fc.record({
      type: fc.constantFrom("unit" as const, "frame" as const),
      count: fc.integer({ min: 0, max: 9 }),
    }),
    fc.record({ type: fc.constant("take" as const), count: fc.integer({ min: 1, max: 6 }) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const buffer = createEventBuffer();
      const taken: string[] = [];
      const unitEnds = new Set([0]);
      const addedWith = [0];
      let added = 0;
      const take = (most: number) => {
        const before = taken.length;
        const batch = buffer.take(most);
        taken.push(...texts(batch));
        expect(unitEnds).toContain(taken.length);
        const units = [...unitEnds].filter((end) => end > before && end <= taken.length).length;
        if (batch.events.length > most) expect(units).toBe(1);
        expect(batch.progress.agentSeq ?? 0).toBe(batch.agentSeq);
        // Neither before the last of its events, nor without it.
        const whole = addedWith.findLastIndex((end) => end <= taken.length);
        if (batch.agentSeq > 0) expect(addedWith[batch.agentSeq]).toBeLessThanOrEqual(taken.length);
        if (batch.agentSeq > 0 && buffer.isEmpty()) expect(batch.agentSeq).toBe(whole);
      };
      for (const { type, count } of acts) {
        if (type === "take") {
          take(count);
          continue;
        }
        const events = logLines(...Array.from({ length: count }, (_, n) => String(added + n)));
        added += count;
        unitEnds.add(added);
        buffer.add(events, { node: "shell" }, type === "frame" ? addedWith.push(added) - 1 : 0);
      }
      while (!buffer.isEmpty()) take(3);
      expect(taken).toEqual(Array.from({ length: added }, (_, n) => String(n)));
    }),
  );
});

test("a frame's number is in the batch of its events, however the batches are cut", () => {
  const buffer = createEventBuffer();
  for (const frame of [1, 2, 3])
    buffer.add(logLines(`${String(frame)}a`, `${String(frame)}b`, `${String(frame)}c`), {}, frame);
  const batches = [buffer.take(7), buffer.take(7)];
  expect(batches.map((batch) => [texts(batch).join(" "), batch.agentSeq])).toEqual([
    ["1a 1b 1c 2a 2b 2c", 2],
    ["3a 3b 3c", 3],
  ]);
});

test("a frame with more events than a batch has goes alone", () => {
  const buffer = createEventBuffer();
  buffer.add(logLines("before"), {}, 1);
  buffer.add(logLines("a", "b", "c"), {}, 2);
  buffer.add(logLines("after"), {}, 3);
  const batches = [buffer.take(2), buffer.take(2), buffer.take(2)];
  expect(batches.map((batch) => [texts(batch).join(" "), batch.agentSeq])).toEqual([
    ["before", 1],
    ["a b c", 2],
    ["after", 3],
  ]);
});

test("the change of the row goes with the unit that it belongs to, the newest of each field", () => {
  const buffer = createEventBuffer();
  buffer.add(logLines("a", "b"), { node: "shell" }, 0);
  buffer.add([], { timings: noTimings }, 0);
  buffer.add(logLines("c"), { node: "python" }, 0);
  expect(buffer.take(2)).toMatchObject({ progress: { node: "shell", timings: noTimings }, agentSeq: 0 });
  expect(buffer.isEmpty()).toBe(false);
  expect(buffer.take(2)).toEqual({ events: logLines("c"), progress: { node: "python" }, agentSeq: 0 });
  expect(buffer.isEmpty()).toBe(true);
});
