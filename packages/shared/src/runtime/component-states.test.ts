import { Writable } from "node:stream";
import { expect, test } from "vitest";
import type { ComponentState } from "../db/worker-report.ts";
import { createComponentStates } from "./component-states.ts";
import { createLogger } from "./logger.ts";

function statesWithLog(toldElsewhere: readonly string[] = []) {
  const lines: { level: string; component: string; state: string; reason?: string }[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      // safety: pino writes one JSON object a line.
      const { level, component, state, reason } = JSON.parse(chunk.toString()) as (typeof lines)[number];
      lines.push({ level, component, state, ...(reason === undefined ? {} : { reason }) });
      done();
    },
  });
  let ms = 0;
  const states = createComponentStates(createLogger("test", "debug", sink), toldElsewhere, () => ms);
  return {
    ...{ lines, states },
    /** What began `began` ms after the start is told of `at` ms after it. */
    report: (component: string, found: ComponentState, began = ms, at = began + 1) => {
      ms = at;
      states.report(component, found, began);
    },
  };
}

const ok = { state: "ok", reason: null } as const;
const away = (reason: string) => ({ state: "away", reason }) as const;

test("a component logs one line for each change of its state, however often it is reported", () => {
  const { report, lines } = statesWithLog();
  const reports = [
    ok,
    away("gone"),
    away("gone"),
    away("refused"),
    { state: "degraded", reason: "slow" },
    ok,
    ok,
  ];
  for (const found of reports as ComponentState[]) report("database", found);
  expect(lines).toEqual([
    { level: "warn", component: "database", state: "away", reason: "gone" },
    { level: "warn", component: "database", state: "degraded", reason: "slow" },
    { level: "info", component: "database", state: "ok" },
  ]);
});

test("components are told apart, and their levels are 0 away, 1 degraded, 2 ok", () => {
  const { states, report, lines } = statesWithLog(["queue"]);
  report("queue", away("gone"), 1);
  report("engine", { state: "degraded", reason: "slow" }, 1);
  report("models", ok, 1);
  expect(lines).toHaveLength(1);
  const components = ["queue", "engine", "unheard of"];
  expect(components.map((each) => states.wasAwaySince(each, 1))).toEqual([true, false, false]);
  expect(Object.fromEntries(states.levels())).toEqual({ queue: 0, engine: 1, models: 2 });
});

test("trouble of what began before the component was last well is no news, of what began later it is", () => {
  const { states, report, lines } = statesWithLog();
  report("database", away("frozen"), 0, 5_000);
  report("database", ok, 4_000, 7_000);
  for (const found of [away("waited since it was frozen"), { state: "degraded", reason: "slow" }])
    report("database", found as ComponentState, 6_999, 9_000);
  expect(states.levels().get("database")).toBe(2);
  report("database", away("gone"), 7_001, 9_000);
  expect(lines.map(({ state, reason }) => [state, reason])).toEqual([
    ["away", "frozen"],
    ["ok", undefined],
    ["away", "gone"],
  ]);
});

test("a component that is well again was away since what began before it was so", () => {
  const { states, report } = statesWithLog();
  report("database", ok, 0, 10);
  expect(states.wasAwaySince("database", 5)).toBe(false);
  report("database", away("gone"), 20, 30);
  expect(states.wasAwaySince("database", 40)).toBe(true);
  report("database", { state: "degraded", reason: "slow" }, 40, 50);
  report("database", ok, 60, 70);
  expect([45, 55].map((began) => states.wasAwaySince("database", began))).toEqual([true, false]);
});
