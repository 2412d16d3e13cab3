import type { WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import { expect, test } from "vitest";
import { readWorkerFrame } from "./read-worker-frame.ts";

const read = (text: string): WorkerFrame | null => readWorkerFrame(Buffer.from(text));

test("a frame is read", () => {
  expect(read('{"type":"ack","seq":3}')).toEqual({ type: "ack", seq: 3 });
});

test("what is no frame is null", () => {
  expect(read("ack")).toBeNull();
  expect(read('{"type":"ack","seq":-1}')).toBeNull();
  expect(read('{"type":"shutdown"}')).toBeNull();
});

test("resume is found behind the half frame of a worker that died, wherever that was cut", () => {
  const command = 'echo {"type":"resume","after":9}';
  const whole = JSON.stringify({
    type: "model_result",
    turn: 1,
    steps: [{ kind: "shell", command, timeout_ms: null, continue_on_error: false }],
  });
  for (let length = 1; length < whole.length; length++) {
    const line = `${whole.slice(0, length)}{"type":"resume","after":4}`;
    expect(read(line)).toEqual({ type: "resume", after: 4 });
  }
});
