import { createLogger } from "@longshore/shared/runtime/logger";
import { expect, test } from "vitest";
import type { SandboxLife } from "../sandbox/sandbox-provider.ts";
import { watchSandbox } from "./watch-sandbox.ts";

const logger = createLogger("test", "fatal");

/** Watches a Sandbox of which the engine says these one after the other, the last again and again; says after how many it was ended, or null where it was not once all are said. */
async function endedAfter(
  said: readonly SandboxLife[],
  unknownMs: number,
  holds = true,
): Promise<number | null> {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const sandbox = {
    alive: () => {
      asked += 1;
      if (asked > said.length) resolve(null);
      return Promise.resolve(said[Math.min(asked, said.length) - 1] ?? "running");
    },
    end: () => {
      resolve(asked);
      return Promise.resolve({ exitCode: null, oomKilled: false, seen: true });
    },
  };
  const stop = watchSandbox(
    sandbox,
    { holds: () => Promise.resolve(holds), logger },
    { everyMs: 5, unknownMs },
  );
  return promise.finally(stop);
}

test("a sandbox that runs no more is ended, by its owner alone", async () => {
  expect(await endedAfter(["running", "running", "gone"], 60_000)).toBe(3);
  expect(await endedAfter(["gone", "gone"], 60_000, false)).toBeNull();
});

test("a sandbox that the engine says nothing of is left alone for a while, and then ended", async () => {
  expect(await endedAfter(["running", "unknown", "unknown", "running"], 60_000)).toBeNull();
  expect(
    await endedAfter(
      Array.from({ length: 10_000 }, () => "unknown"),
      50,
    ),
  ).toBeGreaterThan(1);
});

test("the while begins anew when the engine has said that it runs", async () => {
  const inTurn = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? "unknown" : "running"));
  expect(await endedAfter(inTurn, 50)).toBeNull();
});
