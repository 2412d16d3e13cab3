import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, expect, test } from "vitest";
import { type Sweep, startSweep, type SweepLoop } from "./create-sweep.ts";

let loop: SweepLoop | undefined;
afterEach(() => loop?.stop());

const soon = { timeout: 5_000, interval: 5 };

function start(run: Sweep["run"]): string[] {
  const lines: string[] = [];
  const write = (line: string) => {
    // safety: pino writes one JSON object a line.
    const { level, msg, sweep } = JSON.parse(line) as Record<string, string>;
    lines.push(`${level ?? ""}: ${sweep ?? ""}: ${msg ?? ""}`);
  };
  loop = startSweep({ name: "tidy", everyMs: 2, run }, createLogger("test", "info", { write }));
  return lines;
}

test("a sweep that fails is told once, and once more when it works again, however many rounds lie between", async () => {
  const rounds = [true, false, false, false, true, true, false, false, true];
  let round = 0;
  const lines = start(() => {
    const works = rounds[round] ?? true;
    round += 1;
    return works ? Promise.resolve() : Promise.reject(new Error("the database is away"));
  });
  await expect.poll(() => round, soon).toBeGreaterThan(rounds.length + 2);
  const [fails, works] = ["warn: tidy: the sweep fails", "info: tidy: the sweep works again"];
  expect(lines).toEqual([fails, works, fails, works]);
});

test("rounds do not overlap, and the stop waits for the one under way and tells it to hurry", async () => {
  let running = 0;
  let most = 0;
  let rounds = 0;
  let told = false;
  const lines = start(async (signal) => {
    running += 1;
    most = Math.max(most, running);
    rounds += 1;
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    told = true;
    running -= 1;
  });
  await expect.poll(() => rounds, soon).toBe(1);
  await loop?.stop();
  expect({ running, most, rounds, told, lines }).toEqual({
    running: 0,
    most: 1,
    rounds: 1,
    told: true,
    lines: [],
  });
});

test("a round that its own stop made fail is no failure", async () => {
  const lines = start((signal) => {
    const stopped = new Promise<void>((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
    });
    return stopped;
  });
  await loop?.stop();
  expect(lines).toEqual([]);
});
