import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogBudget } from "./log-budget.ts";
import { createStreamLog } from "./stream-log.ts";

function write(chunks: readonly string[], maxBytes: number, maxLines: number) {
  const events: AgentEvent[] = [];
  const budget = createLogBudget(maxBytes, maxLines);
  const log = createStreamLog(1, "stdout", { budget, emit: (event) => events.push(event) });
  for (const chunk of chunks) log.push(Buffer.from(chunk));
  log.end();
  const lines = events.flatMap((event) => (event.type === "lines" ? event.lines : []));
  return { lines, dropped: budget.dropped(), told: events.filter((event) => event.type === "dropped") };
}

test("what is kept and what is dropped together are what was written, to the byte and to the line", () => {
  const chunks = fc.array(
    fc.array(fc.constantFrom("a", "bc", "\n"), { maxLength: 20 }).map((text) => text.join("")),
  );
  fc.assert(
    fc.property(chunks, fc.nat(40), fc.nat(20), (texts, maxBytes, maxLines) => {
      const text = texts.join("");
      const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
      const { lines, dropped } = write(texts, maxBytes, maxLines);
      expect(whole.startsWith(lines.map((line) => `${line}\n`).join(""))).toBe(true);
      expect(lines.length + dropped.lines).toBe(whole.split("\n").length - 1);
      const keptBytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
      // The newline that the last line lacks is counted where the line is kept or was decoded.
      expect([text.length, whole.length]).toContain(keptBytes + dropped.bytes);
      expect(keptBytes).toBeLessThanOrEqual(maxBytes);
      expect(lines.length).toBeLessThanOrEqual(maxLines);
    }),
  );
});

test("the first drop is told at once, and after it nothing is kept, however short", () => {
  const { lines, told } = write(["one\n", "a line that is too long\n", "x\n", "y"], 10, 100);
  expect(lines).toEqual(["one"]);
  expect(told).toEqual([{ type: "dropped", index: 1, bytes: 24, lines: 1 }]);
});

test("a line that is dropped in many chunks counts as one", () => {
  expect(write(["ok\n", "x".repeat(50_000), "x".repeat(50_000), "x\n", "z"], 20_000, 100).dropped.lines).toBe(
    2,
  );
});

test("events stay small, and a position in `continued` belongs to its own event", () => {
  const events: AgentEvent[] = [];
  const budget = createLogBudget(1e9, 1e9);
  const log = createStreamLog(2, "stderr", { budget, emit: (event) => events.push(event) });
  log.push(Buffer.from(`${"x".repeat(100_000)}\n${"short\n".repeat(20_000)}`));
  log.end();
  for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(48 * 1024);
  const continued = events.flatMap((event) =>
    event.type === "lines" ? event.lines.map((_, at) => event.continued.includes(at)) : [],
  );
  expect(continued.slice(0, 7)).toEqual([false, true, true, true, true, true, true]);
  expect(continued.slice(7).includes(true)).toBe(false);
});
