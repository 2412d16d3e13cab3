import { Writable } from "node:stream";
import { expect, test } from "vitest";
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
  return { lines, states: createComponentStates(createLogger("test", "debug", sink), toldElsewhere) };
}

const ok = { state: "ok", reason: null } as const;
const away = (reason: string) => ({ state: "away", reason }) as const;

test("a component logs one line for each change of its state, however often it is reported", () => {
  const { states, lines } = statesWithLog();
  const reports = [
    ok,
    away("gone"),
    away("gone"),
    away("refused"),
    { state: "degraded", reason: "slow" },
    ok,
    ok,
  ];
  for (const now of reports as (typeof ok)[]) states.report("database", now);
  expect(lines).toEqual([
    { level: "warn", component: "database", state: "away", reason: "gone" },
    { level: "warn", component: "database", state: "degraded", reason: "slow" },
    { level: "info", component: "database", state: "ok" },
  ]);
});

test("components are told apart, and their levels are 0 away, 1 degraded, 2 ok", () => {
  const { states, lines } = statesWithLog(["queue"]);
  states.report("queue", away("gone"));
  states.report("engine", { state: "degraded", reason: "slow" });
  states.report("models", ok);
  expect(lines).toHaveLength(1);
  expect([states.isAway("queue"), states.isAway("engine"), states.isAway("unheard of")]).toEqual([
    true,
    false,
    false,
  ]);
  expect(Object.fromEntries(states.levels())).toEqual({ queue: 0, engine: 1, models: 2 });
});
