import { agentFrame } from "@longshore/shared/contracts/agent-wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutbox, type Outbox } from "./outbox.ts";

/** A worker that keeps what is next in order, drops what it has, and knows what it may never see. */
function createReceiver(windowBytes: number) {
  const wire: Buffer[] = [];
  const kept: number[] = [];
  const unacknowledged = new Map<number, number>();
  let mostBytes = 0;
  const send = (bytes: Buffer): void => {
    wire.push(bytes);
    const frame = agentFrame.parse(JSON.parse(bytes.toString("utf8")));
    if (!("seq" in frame)) throw new Error("not numbered");
    unacknowledged.set(frame.seq, bytes.length);
    const sum = [...unacknowledged.values()].reduce((total, size) => total + size, 0);
    if (unacknowledged.size > 1) mostBytes = Math.max(mostBytes, sum);
  };
  const outbox = createOutbox({ send, windowBytes });
  const forget = (): void => {
    for (const seq of unacknowledged.keys()) if (seq <= kept.length) unacknowledged.delete(seq);
  };
  return {
    outbox,
    kept,
    mostBytes: () => mostBytes,
    receive(count: number): void {
      for (const bytes of wire.splice(0, count)) {
        const frame = agentFrame.parse(JSON.parse(bytes.toString("utf8")));
        if ("seq" in frame && frame.seq === kept.length + 1) kept.push(frame.seq);
      }
    },
    acknowledge(): void {
      forget();
      outbox.acknowledge(kept.length);
    },
    /** The connection is gone with all that was on it. */
    takeOver(): void {
      wire.length = 0;
      forget();
      outbox.sendAgain(kept.length);
    },
  };
}

function offer(outbox: Outbox, text: string): void {
  outbox.offer({
    type: "event",
    event: { type: "lines", index: 1, stream: "stdout", lines: [text], continued: [] },
  });
}

test("any interleaving of offers, acknowledgements and takeovers gives each event once, and keeps the window", () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant("offer" as const), length: fc.nat(300) }),
    fc.record({ do: fc.constant("receive" as const), count: fc.nat(5) }),
    fc.record({ do: fc.constant("acknowledge" as const) }),
    fc.record({ do: fc.constant("takeOver" as const) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 100 }), (actions) => {
      const windowBytes = 1_000;
      const worker = createReceiver(windowBytes);
      let offered = 0;
      for (const next of actions) {
        if (next.do === "offer") offer(worker.outbox, "x".repeat(next.length));
        if (next.do === "offer") offered += 1;
        else if (next.do === "receive") worker.receive(next.count);
        else worker[next.do]();
      }
      for (let round = 0; round <= offered; round++) {
        worker.receive(offered);
        worker.acknowledge();
      }
      expect(worker.kept).toEqual(Array.from({ length: offered }, (_, at) => at + 1));
      expect(worker.mostBytes()).toBeLessThanOrEqual(windowBytes);
      expect(worker.outbox.hasRoom()).toBe(true);
    }),
  );
});

test("a frame larger than the window goes out alone", () => {
  const sent: Buffer[] = [];
  const outbox = createOutbox({ send: (bytes) => sent.push(bytes), windowBytes: 10 });
  offer(outbox, "first");
  offer(outbox, "second");
  expect(sent).toHaveLength(1);
  expect(outbox.hasRoom()).toBe(false);
  outbox.acknowledge(1);
  expect(sent).toHaveLength(2);
});

test("room is told when the last waiting frame has gone out", () => {
  const outbox = createOutbox({ send: () => undefined, windowBytes: 10 });
  let told = 0;
  outbox.onRoom(() => (told += 1));
  for (const text of ["a", "b", "c"]) offer(outbox, text);
  outbox.acknowledge(1);
  expect(told).toBe(0);
  outbox.acknowledge(2);
  expect(told).toBe(1);
});

test("done is given again however much was acknowledged", () => {
  const sent: Buffer[] = [];
  const outbox = createOutbox({ send: (bytes) => sent.push(bytes), windowBytes: 1_000 });
  offer(outbox, "all");
  outbox.offer({ type: "done" });
  outbox.acknowledge(2);
  sent.length = 0;
  outbox.sendAgain(2);
  expect(sent.map((bytes) => agentFrame.parse(JSON.parse(bytes.toString("utf8"))))).toEqual([
    { type: "done", seq: 2 },
  ]);
});

test("a new owner is given frames in the order of their numbers, also those that its coming makes room for", () => {
  const sent: Buffer[] = [];
  const outbox = createOutbox({ send: (bytes) => sent.push(bytes), windowBytes: 250 });
  for (const text of ["a", "b", "c", "d"]) offer(outbox, text);
  expect(sent).toHaveLength(2);
  sent.length = 0;
  outbox.sendAgain(1);
  const given = sent.map((bytes) => agentFrame.parse(JSON.parse(bytes.toString("utf8"))));
  expect(given.map((frame) => "seq" in frame && frame.seq)).toEqual([2, 3]);
});
