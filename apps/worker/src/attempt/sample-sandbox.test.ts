import type { Sample } from "@longshore/shared/db/job-samples";
import { createLogger } from "@longshore/shared/runtime/logger";
import { expect, test } from "vitest";
import type { SandboxUse } from "../sandbox/sandbox-provider.ts";
import { sampleSandbox } from "./sample-sandbox.ts";

const logger = createLogger("test", "fatal");
const deadline = { timeout: 10_000, interval: 5 };

interface Given {
  /** What the engine says at each look. */
  readonly use?: (look: number, signal: AbortSignal) => Promise<SandboxUse | null>;
  readonly store?: () => Promise<void>;
  /** Of an owner before. */
  readonly before?: readonly Sample[];
  readonly epoch?: number;
}

/** Samples every 5 ms, 8 at most; `looks` counts, and `stored` is what is stored at last. */
function sampling({ use, store = () => Promise.resolve(), before = [], epoch = 0 }: Given) {
  const seen = { looks: 0, atOnce: 0, mostAtOnce: 0, stored: [] as readonly Sample[] };
  const stop = sampleSandbox(
    {
      use: async (signal) => {
        seen.looks += 1;
        seen.atOnce += 1;
        seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
        const said = await (use?.(seen.looks, signal) ??
          Promise.resolve({ memoryBytes: seen.looks, cpuMs: seen.looks }));
        seen.atOnce -= 1;
        return said;
      },
    },
    {
      fence: { jobId: "a", attempt: 1, owner: "b", epoch },
      ...{ logger, databaseTime: () => new Date(1_800_000_000_000 + seen.looks * 2_000) },
    },
    {
      samples: () => Promise.resolve(before),
      storeSamples: async (_, samples) => {
        await store();
        seen.stored = samples;
      },
    },
    { everyMs: 5, most: 8 },
  );
  return { seen, stop };
}

const numbers = (samples: readonly Sample[]) => samples.map(({ memoryBytes }) => memoryBytes);

test("each look is stored, and where too many are there every second one goes, and the last stays", async () => {
  const { seen, stop } = sampling({});
  await expect.poll(() => seen.looks, deadline).toBeGreaterThan(30);
  await expect.poll(() => Math.max(...numbers(seen.stored)), deadline).toBeGreaterThan(30);
  stop();
  const [stored, looks] = [numbers(seen.stored), seen.looks];
  expect(stored.length).toBeGreaterThanOrEqual(4);
  expect(stored.length).toBeLessThan(8);
  expect(looks - (stored.at(-1) ?? 0)).toBeLessThanOrEqual(1);
  expect(stored).toEqual([...new Set(stored)].toSorted((a, b) => a - b));
});

test("one look is made at a time, and one that is under way ends when it is stopped", async () => {
  let ended = 0;
  const { seen, stop } = sampling({
    use: (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          ended += 1;
          resolve({ memoryBytes: 1, cpuMs: 1 });
        });
      }),
  });
  await expect.poll(() => seen.looks, deadline).toBe(1);
  stop();
  await expect.poll(() => ended, deadline).toBe(1);
  expect(seen).toMatchObject({ looks: 1, mostAtOnce: 1, stored: [] });
});

test("one that is stopped before its first look makes none", async () => {
  const { seen, stop } = sampling({});
  stop();
  const other = sampling({});
  await expect.poll(() => other.seen.looks, deadline).toBeGreaterThan(2);
  other.stop();
  expect(seen.looks).toBe(0);
});

test("a look that fails, or that cannot be stored, is left out, and the next ones go on", async () => {
  const { seen, stop } = sampling({
    use: (look) => {
      if (look === 1) return Promise.reject(new Error("no engine"));
      return Promise.resolve(look === 2 ? null : { memoryBytes: look, cpuMs: look });
    },
    store: () => (seen.looks === 3 ? Promise.reject(new Error("no database")) : Promise.resolve()),
  });
  await expect.poll(() => numbers(seen.stored), deadline).toEqual(expect.arrayContaining([3, 4]));
  stop();
});

test("who takes a sandbox over goes on after what the owner before has seen, as seldom as that one looked", async () => {
  const before = [0, 1, 2].map((at) => ({
    ...{ time: new Date(1_790_000_000_000 + at * 20), memoryBytes: 1_000 + at, cpuMs: at },
  }));
  const { seen, stop } = sampling({ before, epoch: 1 });
  await expect.poll(() => seen.stored.length, deadline).toBeGreaterThan(4);
  stop();
  expect(numbers(seen.stored).slice(0, 3)).toEqual([1_000, 1_001, 1_002]);
});
