import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { windowBytes } from "@longshore/shared/contracts/agent-wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAgent, type AgentSandbox } from "../testing/agent-sandbox.ts";
import { eventsOf, finishesOf, jobFrame, shell, textOf } from "../testing/job-frame.ts";

let agent: AgentSandbox;
beforeEach(async () => {
  agent = await startAgent();
}, 60_000);
afterEach(() => agent.remove());

const slow = { timeout: 60_000 };
const seqs = (frames: readonly AgentFrame[]): number[] =>
  frames.flatMap((frame) => ("seq" in frame ? frame.seq : []));
const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

test("unacknowledged output stops at the window, and the Step waits", slow, async () => {
  agent.link.acknowledges = false;
  agent.link.send(jobFrame([shell("seq 1 200000; echo end > finished")]));
  await expect.poll(() => seqs(agent.link.frames).length, { timeout: 10_000 }).toBeGreaterThan(5);
  let before = -1;
  const settled = (): boolean => {
    const now = agent.link.frames.length;
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(settled, { interval: 500, timeout: 10_000 }).toBe(true);
  const bytes = agent.link.frames.reduce(
    (sum, frame) => sum + ("seq" in frame ? JSON.stringify(frame).length + 1 : 0),
    0,
  );
  expect(bytes).toBeLessThanOrEqual(windowBytes);
  expect(bytes).toBeGreaterThan(windowBytes / 2);
  expect(await agent.exec("ls", "/workspace")).toBe("");
  agent.link.acknowledges = true;
  agent.link.send({ type: "ack", seq: seqs(agent.link.frames).length });
  await agent.link.take("done");
  expect(textOf(agent.link.frames, "stdout").split("\n")).toHaveLength(200_000);
  expect(seqs(agent.link.frames)).toEqual(upTo(seqs(agent.link.frames).length));
});

test("cancel kills what runs, runs no more, and is answered within a second", slow, async () => {
  const hang = "trap '' TERM INT HUP; echo started; setsid sleep 300 & while :; do sleep 1; done";
  agent.link.send(jobFrame([shell(hang), shell("echo never")]));
  await agent.link.takeEvent((event) => event.type === "lines");
  const from = performance.now();
  agent.link.send({ type: "cancel" });
  await agent.link.take("stopped");
  expect(performance.now() - from).toBeLessThan(1_000);
  expect(await agent.exec("ps", "-e", "-o", "comm=")).not.toMatch(/sleep|bash/);
  expect(finishesOf(agent.link.frames)).toEqual([]);
  expect(textOf(agent.link.frames, "stdout")).toBe("started");
});

test("cancel is answered while the window is full, and before there is a Job", slow, async () => {
  agent.link.acknowledges = false;
  agent.link.send(jobFrame([shell("yes")]));
  await expect.poll(() => eventsOf(agent.link.frames).length, { timeout: 10_000 }).toBeGreaterThan(5);
  agent.link.send({ type: "cancel" });
  await agent.link.take("stopped");
  const idle = await startAgent();
  try {
    idle.link.send({ type: "cancel" });
    await idle.link.take("stopped");
    idle.link.send(jobFrame([shell("echo never")]));
    idle.link.send({ type: "cancel" });
    await idle.link.take("stopped");
    expect(eventsOf(idle.link.frames)).toEqual([]);
  } finally {
    await idle.remove();
  }
});

test("a line is on the wire at once, however small", slow, async () => {
  agent.link.send(jobFrame([shell("for i in 1 2 3 4 5 6 7 8 9; do date +%s%3N; sleep 0.1; done")]));
  const delays: number[] = [];
  for (let line = 0; line < 9; line++) {
    const event = await agent.link.takeEvent((next) => next.type === "lines");
    delays.push(Date.now() - (event.type === "lines" ? Number(event.lines[0]) : 0));
  }
  expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(100);
});

test("garbage from a worker ends the agent with one line on stderr", slow, async () => {
  agent.link.sendRaw("what?\n");
  await agent.link.closed;
  expect(agent.link.stderr()).toBe("agent: the worker sent a line that is no frame\n");
  await expect.poll(() => agent.isRunning(), { timeout: 5_000 }).toBe(false);
});
