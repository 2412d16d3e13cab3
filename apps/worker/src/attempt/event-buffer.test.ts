import fc from "fast-check";
import { expect, test } from "vitest";
import { logLines } from "../../../../tests/support/stored-job.ts";
import { createEventBuffer } from "./event-buffer.ts";

test("gives every event once and in order, and an agent's number only with or after all that came before it", () => {
  const act = fc.oneof(
    fc.record({ type: fc.constant("add" as const), count: fc.integer({ min: 0, max: 9 }) }),
    fc.constant({ type: "frame" as const, count: 0 }),
    fc.record({ type: fc.constant("take" as const), count: fc.integer({ min: 1, max: 6 }) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const buffer = createEventBuffer();
      const taken: string[] = [];
      const addedBefore = [0];
      let added = 0;
      const take = (most: number) => {
        const { events, agentSeq, progress } = buffer.take(most);
        expect(events.length).toBeLessThanOrEqual(most);
        for (const event of events) taken.push(event.type === "log" ? event.text : "");
        expect(taken.length).toBeGreaterThanOrEqual(addedBefore[agentSeq] ?? Number.POSITIVE_INFINITY);
        expect(progress.agentSeq ?? 0).toBe(agentSeq);
      };
      for (const { type, count } of acts) {
        if (type === "take") take(count);
        if (type === "frame") buffer.frameDone(addedBefore.push(added) - 1);
        if (type === "add") {
          buffer.add(logLines(...Array.from({ length: count }, (_, n) => String(added + n))), {
            node: "shell",
          });
          added += count;
        }
      }
      while (!buffer.isEmpty()) take(3);
      expect(taken).toEqual(Array.from({ length: added }, (_, n) => String(n)));
    }),
  );
});

test("the change of the row goes with the last of the events, the newest of each field", () => {
  const buffer = createEventBuffer();
  buffer.add(logLines("a", "b"), { node: "shell" });
  buffer.add(logLines("c"), { node: "python" });
  expect(buffer.take(2)).toMatchObject({ progress: {}, agentSeq: 0 });
  expect(buffer.isEmpty()).toBe(false);
  expect(buffer.take(2)).toMatchObject({ progress: { node: "python" } });
  expect(buffer.isEmpty()).toBe(true);
});
