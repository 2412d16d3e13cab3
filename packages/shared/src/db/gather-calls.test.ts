import { describe, expect, test } from "vitest";
import { DatabaseAway } from "./database-away.ts";
import { gatherCalls } from "./gather-calls.ts";

/** Statements that are answered when the test says so. */
function heldStatements() {
  const sent: {
    readonly asks: readonly string[];
    readonly answer: (answers: readonly (string | undefined)[]) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const alone: string[] = [];
  const ask = gatherCalls<string, string>({
    together: (asks) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly (string | undefined)[]>();
      sent.push({ asks, answer: resolve, fail: reject });
      return promise;
    },
    alone: async (asked) => {
      alone.push(asked);
      if (asked === "bad") throw new Error("that one is bad");
      return `${asked} alone`;
    },
    most: 3,
  });
  const statement = async (place: number) => {
    await expect.poll(() => sent.length).toBeGreaterThan(place);
    const there = sent[place];
    if (there === undefined) throw new Error("it was not sent");
    return there;
  };
  return { ask, statement, alone, sent };
}

describe("calls of the same kind", () => {
  test("go at once where nothing is under way, and else together with the next statement, some at most", async () => {
    const { ask, statement, sent } = heldStatements();
    const answers = ["a", "b", "c", "d", "e"].map(ask);
    (await statement(0)).answer(["A"]);
    expect((await statement(0)).asks).toEqual(["a"]);
    (await statement(1)).answer(["B", "C", "D"]);
    (await statement(2)).answer(["E"]);
    expect(await Promise.all(answers)).toEqual(["A", "B", "C", "D", "E"]);
    expect(sent.map(({ asks }) => asks)).toEqual([["a"], ["b", "c", "d"], ["e"]]);
  });

  test("that a statement leaves out are asked alone, and hold up no other", async () => {
    const { ask, statement, alone } = heldStatements();
    const answers = ["a", "b", "c"].map(ask);
    (await statement(0)).answer([undefined]);
    (await statement(1)).answer(["B", undefined]);
    expect(await Promise.all(answers)).toEqual(["a alone", "B", "c alone"]);
    expect(alone).toEqual(["a", "c"]);
  });

  test("fail each by its own fault alone", async () => {
    const { ask, statement } = heldStatements();
    const answers = Promise.allSettled(["a", "bad", "c"].map(ask));
    (await statement(0)).answer(["A"]);
    (await statement(1)).fail(new Error("a constraint"));
    expect(await answers).toMatchObject([
      { value: "A" },
      { reason: { message: "that one is bad" } },
      { value: "c alone" },
    ]);
  });

  test("are told that the database is away, and asked no second time: nobody knows what got through", async () => {
    const { ask, statement, alone } = heldStatements();
    const answers = Promise.allSettled(["a", "b", "c"].map(ask));
    (await statement(0)).fail(new DatabaseAway("gone"));
    (await statement(1)).fail(new DatabaseAway("gone"));
    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(alone).toEqual([]);
  });
});
