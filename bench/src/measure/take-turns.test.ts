import { expect, test } from "vitest";
import { takeTurns } from "./take-turns.ts";

test("contenders take turns, who comes first changes, and warm-ups are not counted", async () => {
  const order: string[] = [];
  const contender = (name: string) => async () => order.push(name);
  const { signal: stop } = new AbortController();
  const values = await takeTurns(
    { own: contender("own"), peer: contender("peer") },
    { warmUps: 1, count: 2, stop },
  );
  expect(order).toEqual(["peer", "own", "own", "peer", "peer", "own"]);
  expect(values).toEqual({ own: [3, 6], peer: [4, 5] });
});

test("no turn begins after a stop", async () => {
  const stop = new AbortController();
  const own = async () => stop.abort(new Error("asked to stop"));
  await expect(takeTurns({ own }, { warmUps: 0, count: 5, stop: stop.signal })).rejects.toThrow(
    "asked to stop",
  );
});
