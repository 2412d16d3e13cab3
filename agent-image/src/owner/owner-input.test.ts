import { expect, test } from "vitest";
import type { OwnerFrame } from "../wire/read-worker-frame.ts";
import { createOwnerInput } from "./owner-input.ts";
import { createOwnership, type Connection } from "./ownership.ts";

function setUp() {
  const connection: Connection = { send: () => undefined, close: () => undefined };
  const other: Connection = { send: () => undefined, close: () => undefined };
  const ownership = createOwnership(connection);
  const [taken, garbage]: [OwnerFrame[], string[]] = [[], []];
  let heard = 0;
  const input = createOwnerInput(connection, {
    ownership,
    heard: () => void (heard += 1),
    take: (frame) => void taken.push(frame),
    onGarbage: (reason) => void garbage.push(reason),
  });
  const takeOver = () => ownership.admit(other, { type: "resume", after: 0, epoch: 1, token: "" });
  return { say: (text: string) => input(Buffer.from(text)), heard: () => heard, taken, garbage, takeOver };
}

test("what the owner says is taken", () => {
  const { say, taken } = setUp();
  say('{"type":"ack","seq":1}\n{"type":"ca');
  say('ncel"}\n');
  expect(taken).toEqual([{ type: "ack", seq: 1 }, { type: "cancel" }]);
});

test.each([
  ["a line that is no frame", "what?\n"],
  ["a resume, which only begins a relay,", '{"type":"resume","after":0,"epoch":9,"token":""}\n'],
])("%s is garbage from the owner, and nothing from anybody else", (_, line) => {
  const { say, taken, garbage, takeOver } = setUp();
  say(line);
  expect(garbage).toEqual(["the worker sent a line that is no frame"]);
  takeOver();
  say(line);
  say('{"type":"cancel"}\n');
  expect(taken).toEqual([]);
  expect(garbage).toHaveLength(1);
});

test("the second half of a frame is thrown away where the owner changed in the middle of it", () => {
  const { say, taken, garbage, takeOver } = setUp();
  say('{"type":"ca');
  takeOver();
  say('ncel"}\n{"type":"cancel"}\n');
  expect([taken, garbage]).toEqual([[], []]);
});

test("whatever the owner says counts as a sign of life, half a frame too, and nothing from anybody else", () => {
  const { say, heard, takeOver } = setUp();
  say("{");
  expect(heard()).toBe(1);
  takeOver();
  say("}\n");
  expect(heard()).toBe(1);
});

test("a line over 64 MiB is garbage", () => {
  const { say, garbage } = setUp();
  say("x".repeat(64 * 1_048_576));
  expect(garbage).toEqual([]);
  say("x");
  expect(garbage).toEqual(["the worker sent a line that is too long"]);
});
