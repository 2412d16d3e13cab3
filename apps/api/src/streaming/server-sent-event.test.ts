import type { EventRow } from "@longshore/shared/db/read-events";
import { expect, test } from "vitest";
import { toServerSentEvent, toSharedEvent } from "./server-sent-event.ts";

/** A line of a log, and how often its text was read. */
function countedRow() {
  let reads = 0;
  const row: EventRow = {
    ...{ jobId: "01980000-0000-7000-8000-000000000001", seq: 7, time: new Date(0), attempt: 1, type: "log" },
    ...{ node: "shell", step: 1, stream: "stdout", continued: false, body: null },
    get text() {
      reads += 1;
      return "one\ttwo";
    },
  };
  return { row, reads: () => reads };
}

const expected =
  'id: 7\nevent: log\ndata: {"seq":7,"time":"1970-01-01T00:00:00.000Z","attempt":1,"node":"shell","step":1,' +
  String.raw`"stream":"stdout","text":"one\ttwo"}` +
  "\n\n";

test("an event is an id, its kind and one line of JSON", () => {
  expect(toServerSentEvent(countedRow().row)).toBe(expected);
});

test("what readers share is written out once for all of them, and kept for nobody else", () => {
  const { row, reads } = countedRow();
  expect(toSharedEvent(row)).toBe(expected);
  const once = reads();
  expect(toSharedEvent(row)).toBe(expected);
  expect(reads()).toBe(once);
  expect(toServerSentEvent(row)).toBe(expected);
  expect(reads()).toBe(2 * once);
});
