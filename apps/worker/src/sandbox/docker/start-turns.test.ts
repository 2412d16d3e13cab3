import { expect, test } from "vitest";
import { createStartTurns } from "./start-turns.ts";

const never = new AbortController().signal;

/** Work that says when it begins, and ends when it is told to. */
function createWork(begun: string[], name: string) {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  return {
    work: () => {
      begun.push(name);
      return ended;
    },
    end: () => end(name),
  };
}

test("of starts that come together no more are under way than there are processors, and the others follow in order", async () => {
  const begun: string[] = [];
  const takeTurn = createStartTurns(async () => 2);
  const starts = ["first", "second", "third", "fourth"].map((name) => createWork(begun, name));
  const turns = starts.map(({ work }) => takeTurn(work, never));
  await expect.poll(() => begun).toEqual(["first", "second"]);
  for (const [index, start] of starts.entries()) {
    start.end();
    await turns[index];
  }
  expect(begun).toEqual(["first", "second", "third", "fourth"]);
});

test("a start that waits for its turn is dropped when it is aborted, and one that is under way is not", async () => {
  const begun: string[] = [];
  const takeTurn = createStartTurns(async () => 1);
  const under = createWork(begun, "under way");
  const stop = new AbortController();
  const first = takeTurn(under.work, stop.signal);
  const waiting = takeTurn(createWork(begun, "waiting").work, stop.signal);
  const last = createWork(begun, "last");
  const behind = takeTurn(last.work, never);
  await expect.poll(() => begun).toEqual(["under way"]);
  stop.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  under.end();
  expect(await first).toBe("under way");
  last.end();
  await behind;
  expect(begun).toEqual(["under way", "last"]);
});

test("a start that fails lets the next one begin", async () => {
  const takeTurn = createStartTurns(async () => 1);
  const failing = takeTurn(async () => Promise.reject(new Error("no such image")), never);
  const next = takeTurn(async () => "begun", never);
  await expect(failing).rejects.toThrow("no such image");
  expect(await next).toBe("begun");
});
