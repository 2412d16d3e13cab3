import { egressWindowBytes } from "@longshore/shared/contracts/egress-wire";
import { expect, test } from "vitest";
import { createPacedFrames } from "./paced-frames.ts";

const paces = {
  messages: { perSecond: 5_000, burst: 1_000 },
  connections: { perSecond: 50, burst: 20 },
};
const lineBytes = 40;
const fitting = Math.floor(egressWindowBytes / lineBytes);

/** Takes frames of connections 1, 2, 3 …, and what came of them. */
function pacedFrames() {
  const handled: number[] = [];
  const slowed: string[] = [];
  const frames = createPacedFrames({
    handle: ({ connection }) => {
      handled.push(connection);
      return null;
    },
    paces,
    onSlowed: (what) => void slowed.push(what),
  });
  let last = 0;
  const take = (count: number, type: "egress_end" | "egress_open" = "egress_end") =>
    Array.from({ length: count }, () => frames.take({ type, connection: (last += 1) }, lineBytes)).at(-1);
  return { frames, take, handled, slowed };
}

test("frames are handled at once while the rate is kept", () => {
  const { take, handled, slowed } = pacedFrames();
  expect(take(paces.messages.burst)).toBeNull();
  expect(handled.length).toBe(paces.messages.burst);
  expect(slowed).toEqual([]);
});

test("what is over it waits, a window full of it, and is handled later, in order", async () => {
  const { frames, take, handled, slowed } = pacedFrames();
  const all = paces.messages.burst + fitting;
  expect(take(all)).toBeNull();
  expect(handled.length).toBeLessThan(all);
  await expect.poll(() => handled.length, { timeout: 20_000 }).toBe(all);
  expect(handled).toEqual(Array.from({ length: all }, (_, at) => at + 1));
  expect(new Set(slowed)).toEqual(new Set(["messages"]));
  frames.close();
});

test("new connections have a lower rate of their own, and what comes behind one waits with it", async () => {
  const { frames, take, handled, slowed } = pacedFrames();
  const { burst } = paces.connections;
  take(burst + 10, "egress_open");
  take(1);
  expect(handled.length).toBeLessThan(burst + 10);
  await expect.poll(() => handled.length, { timeout: 20_000 }).toBe(burst + 11);
  expect(handled.at(-1)).toBe(burst + 11);
  expect(new Set(slowed)).toEqual(new Set(["connections"]));
  frames.close();
});

test("more than a window of waiting frames is a breach, and stays one", () => {
  const { frames, take } = pacedFrames();
  take(paces.messages.burst + fitting);
  expect(take(2_000)).toBe("the agent sent more of connections than its window");
  expect(frames.take({ type: "egress_end", connection: 1 }, 1)).not.toBeNull();
  frames.close();
});

test("once closed, nothing that waited is handled, and nothing more is taken", async () => {
  const { frames, take, handled } = pacedFrames();
  take(paces.messages.burst + fitting);
  const before = handled.length;
  frames.close();
  expect(take(1)).toBeNull();
  await new Promise((resolve) => setImmediate(resolve));
  expect(handled.length).toBe(before);
});
