import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  agentFrame,
  filePieceBytes,
  longestAgentFrameBytes,
  windowBytes,
  wireVersion,
  workerFrame,
} from "./agent-wire.ts";
import { longestLineBytes } from "../domain/log-line.ts";

const facts = {
  ...{ uid: 10_001, gid: 10_001, groups: [], capabilities: ["0", "0", "0", "0", "0"], no_new_privs: 1 },
  ...{ seccomp: 2, interfaces: ["lo"], root_read_only: true },
  workspace: { bytes: 1, inodes: 2, type: "tmpfs" },
  tmp: { bytes: 1, inodes: 2, type: "tmpfs" },
  rlimits: { "Max open files": [1_024, null] },
  cgroup: { memory_bytes: null, pids: 256, cpus: 0.5 },
};
const finished = {
  ...{ type: "step_finished", index: 1, exit_code: 0, timed_out: false, sigkilled: false, oom_kills: 0 },
  ...{ disk_full: false, note: null, duration_ms: 5 },
};
const lines = { type: "lines", index: 1, stream: "stdout", lines: ["a", ""], continued: [1] };
const event = (body: object) => ({ type: "event", seq: 1, event: body });
const shell = { kind: "shell", command: "true", timeout_ms: null, continue_on_error: false };

const fromAgent: object[] = [
  { type: "hello", version: wireVersion, running: false, facts },
  event({ type: "step_started", index: 1 }),
  event(lines),
  event({ type: "dropped", index: 1, bytes: 0, lines: 3 }),
  event(finished),
  event({ ...finished, exit_code: null, timed_out: true, note: "no such program" }),
  { type: "model_request", turn: 1, files: [{ path: "a", bytes: 1 }] },
  { type: "done", seq: 2 },
  { type: "stopped" },
  { type: "outputs", data: "AA==" },
  { type: "outputs", data: null },
];
const fromWorker: object[] = [
  { type: "file", path: "a", data: "AA==", append: false },
  {
    ...{ type: "job", job_id: "j", attempt: 1, env: { A: "1" }, log_bytes: 1, log_lines: 1 },
    ...{ resume_token: "t", silence_ms: 1 },
    steps: [shell, { ...shell, kind: "python", command: undefined, code: "1" }].map(
      (step) => JSON.parse(JSON.stringify(step)) as object,
    ),
  },
  { type: "ack", seq: 0 },
  { type: "model_result", turn: 1, steps: null },
  { type: "cancel" },
  { type: "outputs", argv: ["/bin/true"] },
  { type: "resume", after: 0, epoch: 1, token: "t" },
];

describe("what the agent says", () => {
  test.each(fromAgent)("is taken as it is: %j", (frame) => {
    expect(agentFrame.parse(JSON.parse(JSON.stringify(frame)))).toEqual(frame);
  });

  test.each(fromAgent)("is refused with one field too many: %j", (frame) => {
    expect(agentFrame.safeParse({ ...frame, job_id: "another" }).success).toBe(false);
  });

  test.each(fromAgent)("is refused with a field too few: %j", (frame) => {
    for (const name of Object.keys(frame)) {
      const less = Object.fromEntries(Object.entries(frame).filter(([each]) => each !== name));
      expect(agentFrame.safeParse(less).success).toBe(false);
    }
  });

  test.each<object>([
    { type: "ack", seq: 1 },
    { type: "event", seq: 0, event: lines },
    { type: "event", seq: 1.5, event: lines },
    { type: "event", seq: 2 ** 53, event: lines },
    { type: "event", seq: "1", event: lines },
    event({ ...lines, stream: "system" }),
    event({ ...lines, lines: [] }),
    event({ ...lines, lines: [1] }),
    event({ ...lines, index: 0 }),
    event({ ...lines, continued: [-1] }),
    event({ ...finished, exit_code: 256 }),
    event({ ...finished, exit_code: -1 }),
    event({ ...finished, duration_ms: -1 }),
    event({ ...finished, oom_kills: Number.NaN }),
    { type: "hello", version: wireVersion, running: true, facts: { ...facts, uid: -1 } },
    { type: "model_request", turn: 0, files: [] },
    { type: "done", seq: Infinity },
    { type: "outputs", data: "A".repeat(180_000) },
  ])("is refused where it cannot be: %j", (frame) => {
    expect(agentFrame.safeParse(frame).success).toBe(false);
  });

  test("may be anything at all without an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (value) => {
        expect(agentFrame.safeParse(value).success).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("is refused after any one change of a value's type", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fromAgent), fc.nat(), (frame, at) => {
        const names = Object.keys(frame).filter((name) => name !== "type");
        const name = names[at % Math.max(1, names.length)];
        if (name === undefined) return;
        expect(agentFrame.safeParse({ ...frame, [name]: "a text" }).success).toBe(false);
      }),
    );
  });
});

describe("what the worker says", () => {
  test.each(fromWorker)("is taken as it is: %j", (frame) => {
    expect(workerFrame.parse(JSON.parse(JSON.stringify(frame)))).toEqual(frame);
  });

  test.each<object>([
    { type: "resume", after: 0 },
    { type: "resume", after: 0, epoch: 0, token: "t" },
    { type: "resume", after: -1, epoch: 1, token: "t" },
    { type: "resume", after: 0, epoch: 1.5, token: "t" },
    { type: "resume", after: 0, epoch: 1, token: 1 },
  ])("is refused where it cannot be: %j", (frame) => {
    expect(workerFrame.safeParse(frame).success).toBe(false);
  });

  test.each(fromAgent.filter((frame) => !("data" in frame)))(
    "is nothing that the agent says: %j",
    (frame) => {
      expect(workerFrame.safeParse(frame).success).toBe(false);
    },
  );
});

test("the bounds hold together: a frame of a file piece, or of the longest line in its worst encoding, fits", () => {
  expect(Math.ceil(filePieceBytes / 3) * 4 + 8_192).toBeLessThan(longestAgentFrameBytes);
  // Each byte of a control character becomes six in JSON (\u0001).
  expect(longestLineBytes * 6 + 256).toBeLessThan(windowBytes);
  expect(windowBytes).toBeLessThanOrEqual(256 * 1024);
});
