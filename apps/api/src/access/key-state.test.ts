import { expect, test } from "vitest";
import { createKeyState } from "./key-state.ts";

const world = () => {
  let [time, has, away, looks] = [0, false, false, 0];
  const state = createKeyState({
    hasKeys: () => {
      looks += 1;
      return away ? Promise.reject(new Error("away")) : Promise.resolve(has);
    },
    now: () => time,
  });
  return {
    state,
    looks: () => looks,
    pass: (ms: number) => (time += ms),
    makeKey: () => (has = true),
    loseRows: () => (has = false),
    goAway: () => (away = true),
  };
};

test("that there are no keys is believed for a second, however many ask", async () => {
  const { state, looks, pass, makeKey } = world();
  expect(await Promise.all([state.areConfigured(), state.areConfigured()])).toEqual([false, false]);
  makeKey();
  pass(999);
  expect(await state.areConfigured()).toBe(false);
  expect(looks()).toBe(1);
  pass(1);
  expect(await state.areConfigured()).toBe(true);
});

test("who brings a key is no stranger within that second either", async () => {
  const { state, makeKey } = world();
  expect(await state.areConfigured()).toBe(false);
  makeKey();
  expect(await state.areConfiguredNow()).toBe(true);
  expect(await state.areConfigured()).toBe(true);
});

test("that there are keys stays so, even where their rows were lost, and is not looked up again", async () => {
  const { state, looks, pass, makeKey, loseRows } = world();
  makeKey();
  expect(await state.areConfigured()).toBe(true);
  loseRows();
  pass(3_600_000);
  expect(await state.areConfigured()).toBe(true);
  expect(looks()).toBe(1);
});

test("while the database is away nothing is open on the word of an earlier look", async () => {
  const { state, pass, goAway } = world();
  expect(state.lastSeen()).toBeNull();
  await state.areConfigured();
  expect(state.lastSeen()).toBe(false);
  goAway();
  pass(1_000);
  await expect(state.areConfigured()).rejects.toThrow("away");
});
