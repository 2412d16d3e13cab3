import { egressWindowBytes } from "@longshore/shared/contracts/egress-wire";
import { expect, test } from "vitest";
import { createPacedFrames } from "./paced-frames.ts";

const paces = {
  messages: { perSecond: 5_000, burst: 1_000 },
  bytes: { perSecond: 1_000_000, burst: 1_000_000 },
};
const lineBytes = 40;
const fitting = Math.floor(egressWindowBytes / lineBytes);

/** Takes frames of connections 1, 2, 3 …, and what came of them. `judge` says what is a breach. */
function pacedFrames(judge: (connection: number) => string | null = () => null) {
  const handled: number[] = [];
  const slowed: string[] = [];
  const breaches: string[] = [];
  const frames = createPacedFrames({
    handle: ({ connection }) => {
      handled.push(connection);
      return judge(connection);
    },
    paces,
    onSlowed: (what) => void slowed.push(what),
  });
  let last = 0;
  function take(count: number, bytes = lineBytes): void {
    for (let time = 0; time < count; time += 1)
      frames.take({ type: "egress_end", connection: (last += 1) }, bytes, (reason) => breaches.push(reason));
  }
  return { frames, take, handled, slowed, breaches };
}

test("frames are handled at once while the rate is kept", () => {
  const { take, handled, slowed, breaches } = pacedFrames();
  take(paces.messages.burst);
  expect(handled.length).toBe(paces.messages.burst);
  expect(slowed).toEqual([]);
  expect(breaches).toEqual([]);
});

test("what is over it waits, a window full of it, and is handled later, in order", async () => {
  const { frames, take, handled, slowed, breaches } = pacedFrames();
  const all = paces.messages.burst + fitting;
  take(all);
  expect(handled.length).toBeLessThan(all);
  await expect.poll(() => handled.length, { timeout: 20_000 }).toBe(all);
  expect(handled).toEqual(Array.from({ length: all }, (_, at) => at + 1));
  expect(new Set(slowed)).toEqual(new Set(["messages"]));
  expect(breaches).toEqual([]);
  frames.close();
});

test("so many bytes a second are handled, however few frames they are in", async () => {
  const { frames, take, handled, slowed } = pacedFrames();
  const large = 20_000;
  const atOnce = paces.bytes.burst / large;
  const began = performance.now();
  take(atOnce, large);
  expect(handled.length).toBe(atOnce);
  for (let time = 0; time < 5; time += 1) {
    take(4, large);
    await expect.poll(() => handled.length, { timeout: 20_000 }).toBe(atOnce + 4 * (time + 1));
  }
  expect(performance.now() - began).toBeGreaterThan(350);
  expect(new Set(slowed)).toEqual(new Set(["bytes"]));
  frames.close();
});

test("more than a window of waiting frames is a breach, told once, and nothing is handled from then on", async () => {
  const { take, handled, breaches } = pacedFrames();
  take(paces.messages.burst + fitting);
  take(2_000);
  expect(breaches).toEqual(["the agent sent more of connections than its window"]);
  const before = handled.length;
  await new Promise((resolve) => setImmediate(resolve));
  take(1);
  expect(handled.length).toBe(before);
});

test.each([
  ["a breach", "too much", () => "too much"],
  [
    "a bug",
    "Error: a bug",
    () => {
      throw new Error("a bug");
    },
  ],
])(
  "%s in a frame that waited is told when its turn has come, though no other frame comes",
  async (_, told, found) => {
    const last = paces.messages.burst + fitting;
    const { take, breaches } = pacedFrames((connection) => (connection === last ? found() : null));
    take(last);
    await expect.poll(() => breaches, { timeout: 20_000 }).toEqual([told]);
  },
);

test("once closed, nothing that waited is handled, and nothing more is taken", async () => {
  const { frames, take, handled } = pacedFrames();
  take(paces.messages.burst + fitting);
  const before = handled.length;
  frames.close();
  take(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(handled.length).toBe(before);
});
