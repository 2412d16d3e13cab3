import { expect, test } from "vitest";
import { createFrameSequence } from "./frame-sequence.ts";

test("numbers go 1, 2, 3, and frames without one may come between", () => {
  const sequence = createFrameSequence(0);
  expect(sequence.take({ type: "event", seq: 1, event: { type: "step_started", index: 1 } })).toBeNull();
  expect(sequence.take({ type: "model_request", turn: 1, files: [] })).toBeNull();
  expect(sequence.take({ type: "done", seq: 2 })).toBeNull();
});

test.each([0, 1, 3, -1])("after 1 the number %d is a breach", (seq) => {
  const sequence = createFrameSequence(0);
  sequence.take({ type: "done", seq: 1 });
  expect(sequence.take({ type: "done", seq })).toMatch(new RegExp(`frame ${String(seq)} after 1`));
});

test("of an agent that another worker has heard up to 7, the next number is 8", () => {
  expect(createFrameSequence(7).take({ type: "done", seq: 8 })).toBeNull();
  for (const seq of [1, 7, 9])
    expect(createFrameSequence(7).take({ type: "done", seq })).toMatch(`frame ${String(seq)} after 7`);
});

test("an agent may ask for plans until it is told that there is none", () => {
  const sequence = createFrameSequence(0);
  for (const turn of [1, 2, 3]) expect(sequence.take({ type: "model_request", turn, files: [] })).toBeNull();
  sequence.noPlanLeft();
  expect(sequence.take({ type: "model_request", turn: 4, files: [] })).toMatch(/told that there is none/);
  expect(sequence.take({ type: "done", seq: 1 })).toBeNull();
});
