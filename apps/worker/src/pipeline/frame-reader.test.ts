import { getEventListeners } from "node:events";
import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { expect, test } from "vitest";
import { createFrameReader } from "./frame-reader.ts";

const done = (seq: number): AgentFrame => ({ type: "done", seq });
const never = new AbortController().signal;

/** Frames that come when they are pushed. */
function pushedFrames() {
  let wake: ((result: IteratorResult<AgentFrame>) => void) | undefined;
  let pulls = 0;
  const next = () => {
    pulls += 1;
    return new Promise<IteratorResult<AgentFrame>>((resolve) => (wake = resolve));
  };
  return {
    frames: { [Symbol.asyncIterator]: () => ({ next }) },
    push: (frame: AgentFrame) => wake?.({ done: false, value: frame }),
    pulls: () => pulls,
  };
}

test("gives the frames in order and null at their end", async () => {
  const reader = createFrameReader(
    (async function* () {
      yield done(1);
      yield done(2);
    })(),
  );
  expect([await reader.next(never), await reader.next(never), await reader.next(never)]).toEqual([
    done(1),
    done(2),
    null,
  ]);
});

test("an abort loses no frame: the next pull gets the one that was waited for", async () => {
  const { frames, push, pulls } = pushedFrames();
  const reader = createFrameReader(frames);
  const aborting = new AbortController();
  const given = reader.next(aborting.signal);
  aborting.abort();
  expect(await given).toBe("aborted");
  push(done(7));
  expect(await reader.next(never)).toEqual(done(7));
  expect(pulls()).toBe(1);
});

test("a signal that is aborted already pulls nothing", async () => {
  const { frames, pulls } = pushedFrames();
  expect(await createFrameReader(frames).next(AbortSignal.abort())).toBe("aborted");
  expect(pulls()).toBe(0);
});

test("no listener stays on the signal, however many frames come", async () => {
  const { frames, push } = pushedFrames();
  const reader = createFrameReader(frames);
  const { signal } = new AbortController();
  for (let seq = 1; seq <= 20; seq += 1) {
    const given = reader.next(signal);
    push(done(seq));
    expect(await given).toEqual(done(seq));
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("what the frames throw, the pull throws", async () => {
  const reader = createFrameReader(
    // oxlint-disable-next-line require-yield -- a source that fails at once
    (async function* (): AsyncGenerator<AgentFrame> {
      await Promise.resolve();
      throw new Error("the stream broke");
    })(),
  );
  await expect(reader.next(never)).rejects.toThrow("the stream broke");
});

test("frames without end are taken at a bounded rate, in order, and that is said once", async () => {
  const bounds = { perSecond: 100, burst: 30 };
  let sent = 0;
  let slowed = 0;
  const reader = createFrameReader(
    (async function* () {
      for (;;) yield done((sent += 1));
    })(),
    bounds,
    () => void (slowed += 1),
  );
  const began = performance.now();
  for (let seq = 1; seq <= 80; seq += 1) expect(await reader.next(never)).toEqual(done(seq));
  expect(performance.now() - began).toBeGreaterThan(((80 - bounds.burst) / bounds.perSecond) * 1_000 - 50);
  expect(slowed).toBe(1);
});
