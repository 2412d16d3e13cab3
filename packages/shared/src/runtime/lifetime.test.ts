import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { createLifetime, type Lifetime } from "./lifetime.ts";
import { createLogger } from "./logger.ts";

function open(): { lifetime: Lifetime; warned: string[] } {
  const warned: string[] = [];
  const write = (line: string) => {
    // safety: pino writes one JSON object a line.
    const { what, msg } = JSON.parse(line) as Record<string, string>;
    warned.push(`${what ?? ""}: ${msg ?? ""}`);
  };
  return { lifetime: createLifetime(createLogger("test", "warn", { write })), warned };
}

const never = () => new Promise<void>(() => undefined);

test("what was opened is released last first, and one that fails does not keep the rest", async () => {
  const { lifetime, warned } = open();
  const released: string[] = [];
  lifetime.defer("first", () => void released.push("first"));
  lifetime.defer("second", () => Promise.reject(new Error("broken")));
  lifetime.defer("third", () => void released.push("third"));
  await lifetime.close();
  expect(released).toEqual(["third", "first"]);
  expect(warned).toEqual(["second: could not be released"]);
});

test("one that hangs is waited for as long as it may take", async () => {
  const { lifetime, warned } = open();
  const released: string[] = [];
  lifetime.defer("first", () => void released.push("first"));
  lifetime.defer("second", never, 30);
  await lifetime.close();
  expect({ released, warned }).toEqual({ released: ["first"], warned: ["second: could not be released"] });
});

test("all together take no longer than the total: what is over it is abandoned, and said so", async () => {
  const { lifetime, warned } = open();
  const released: string[] = [];
  lifetime.defer("first", () => void released.push("first"));
  lifetime.defer("second", never);
  lifetime.defer("third", never);
  lifetime.defer("last", () => void released.push("last"));
  const startedAt = performance.now();
  await lifetime.close(60);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(released).toEqual(["last"]);
  expect(warned).toEqual([
    "third: could not be released",
    "second: abandoned: no time is left to release it",
    "first: abandoned: no time is left to release it",
  ]);
});

test("a second close waits for the first", async () => {
  const { lifetime } = open();
  let count = 0;
  lifetime.defer("one", () => void (count += 1));
  await Promise.all([lifetime.close(), lifetime.close(10)]);
  expect(count).toBe(1);
});
