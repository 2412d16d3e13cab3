import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutbox } from "../wire/outbox.ts";
import { createOwnership, type Connection } from "./ownership.ts";

interface Recorded extends Connection {
  readonly heard: Buffer[];
  closed: boolean;
}

function createConnection(): Recorded {
  const connection: Recorded = {
    heard: [],
    closed: false,
    send: (frame) => void connection.heard.push(frame),
    close: () => void (connection.closed = true),
  };
  return connection;
}

const resume = (epoch: number, token = "right") => ({ type: "resume" as const, after: 0, epoch, token });

test("who shows the token and a higher epoch is the owner, and the one before is closed", () => {
  const [first, second, third] = [createConnection(), createConnection(), createConnection()];
  const ownership = createOwnership(first);
  ownership.setToken("right");
  expect(ownership.isOwner(first)).toBe(true);
  expect(ownership.admit(second, resume(1))).toBe(true);
  expect([first.closed, second.closed]).toEqual([true, false]);
  expect(ownership.admit(third, resume(7))).toBe(true);
  expect([ownership.isOwner(first), ownership.isOwner(second)]).toEqual([false, false]);
  ownership.send(Buffer.from("a"));
  expect([first.heard.length, second.heard.length, third.heard.length]).toEqual([0, 0, 1]);
});

test.each([
  ["a wrong token", resume(5, "wrong")],
  ["no token", resume(5, "")],
  ["the beginning of the token", resume(5, "righ")],
  ["an epoch that was shown before", resume(3)],
  ["an epoch below", resume(2)],
])("%s changes nothing", (_, wrong) => {
  const [first, owner, other] = [createConnection(), createConnection(), createConnection()];
  const ownership = createOwnership(first);
  ownership.setToken("right");
  ownership.admit(owner, resume(3));
  expect(ownership.admit(other, wrong)).toBe(false);
  expect(ownership.isOwner(owner)).toBe(true);
  expect(owner.closed).toBe(false);
});

test("an epoch that came with a wrong token does not count as shown", () => {
  const ownership = createOwnership(createConnection());
  ownership.setToken("right");
  ownership.admit(createConnection(), resume(1_000_000, "wrong"));
  expect(ownership.admit(createConnection(), resume(1))).toBe(true);
});

test("before the Job any token is right, and afterwards only its own: another does not replace it", () => {
  const ownership = createOwnership(createConnection());
  expect(ownership.admit(createConnection(), resume(1, "any"))).toBe(true);
  ownership.setToken("right");
  ownership.setToken("later");
  expect(ownership.admit(createConnection(), resume(2, "any"))).toBe(false);
  expect(ownership.admit(createConnection(), resume(2, "later"))).toBe(false);
  expect(ownership.admit(createConnection(), resume(2))).toBe(true);
});

test("an owner that is lost has no successor until somebody resumes, and its epoch stays used", () => {
  const [first, second, third] = [createConnection(), createConnection(), createConnection()];
  const ownership = createOwnership(first);
  ownership.admit(second, resume(4));
  ownership.lose(first);
  expect(ownership.isOwner(second)).toBe(true);
  ownership.lose(second);
  expect([first, second].some(ownership.isOwner)).toBe(false);
  ownership.send(Buffer.from("nobody hears it"));
  expect([...first.heard, ...second.heard]).toEqual([]);
  expect(ownership.admit(third, resume(4))).toBe(false);
  expect(ownership.admit(third, resume(5))).toBe(true);
});

/** Reads what has come as far as it follows without a gap, as the one durable history that all owners share. */
function createHistory() {
  const kept: number[] = [];
  return {
    kept,
    read(connection: Recorded, count: number) {
      for (const bytes of connection.heard.splice(0, count)) {
        // safety: the outbox made it.
        const { seq } = JSON.parse(bytes.toString("utf8")) as { seq: number };
        if (seq === kept.length + 1) kept.push(seq);
      }
    },
  };
}

test("any number of resumes, of right and wrong ones, in a flood of frames gives each frame once and in order", () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant("print" as const), count: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ do: fc.constant("read" as const), count: fc.nat(5) }),
    fc.record({ do: fc.constant("acknowledge" as const), count: fc.constant(0) }),
    fc.record({ do: fc.constant("lose" as const), count: fc.constant(0) }),
    fc.record({ do: fc.constant("stale" as const), count: fc.constant(0) }),
    fc.record({ do: fc.constant("resume" as const), count: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      let owner = createConnection();
      const ownership = createOwnership(owner);
      ownership.setToken("right");
      const outbox = createOutbox({ send: ownership.send, windowBytes: 600 });
      const history = createHistory();
      let [epoch, printed] = [0, 0];
      const takeOver = (): void => {
        const next = createConnection();
        expect(ownership.admit(next, resume((epoch += 1)))).toBe(true);
        owner = next;
        outbox.sendAgain(history.kept.length);
      };
      for (const { do: what, count } of actions) {
        if (what === "read") history.read(owner, count);
        else if (what === "resume") takeOver();
        else if (what === "lose") ownership.lose(owner);
        else if (what === "stale") expect(ownership.admit(createConnection(), resume(epoch))).toBe(false);
        else if (what === "acknowledge" && ownership.isOwner(owner)) outbox.acknowledge(history.kept.length);
        for (let each = 0; what === "print" && each < count; each++, printed++)
          outbox.offer({ type: "event", event: { type: "step_started", index: 1 } });
      }
      takeOver();
      for (let round = 0; round <= printed; round++) {
        history.read(owner, printed);
        outbox.acknowledge(history.kept.length);
      }
      expect(history.kept).toEqual(Array.from({ length: printed }, (_, at) => at + 1));
    }),
  );
});
