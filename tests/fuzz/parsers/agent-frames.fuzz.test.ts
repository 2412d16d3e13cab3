import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameSequence } from "../../../apps/worker/src/pipeline/frame-sequence.ts";
import {
  createAgentConnection,
  readAgentFrame,
} from "../../../apps/worker/src/sandbox/docker/agent-connection.ts";
import { exampleFacts, exampleSpec } from "../../../apps/worker/src/sandbox/docker/container-spec.fixture.ts";
import { createFrameSplitter } from "../../../agent-image/src/wire/frame-splitter.ts";
import { readOwnerFrame, readResume } from "../../../agent-image/src/wire/read-worker-frame.ts";
import { fuzzFactor, fuzzSettings, fuzzTimeoutMs } from "../fuzz-settings.ts";
import { mutate, mutations } from "../hostile-values.ts";

const { seed } = fuzzSettings;
const runs = (count: number) => ({ seed, numRuns: count * fuzzFactor });

const hello = { type: "hello", version: 3, running: false, facts: exampleFacts(exampleSpec()) };
const lines = { type: "lines", index: 1, stream: "stdout", lines: ["a", "b"], continued: [1] };
const finished = {
  ...{ type: "step_finished", index: 1, exit_code: 0, timed_out: false, sigkilled: false },
  ...{ oom_kills: 0, disk_full: false, note: null, duration_ms: 1 },
};
const session: readonly object[] = [
  hello,
  { type: "model_request", turn: 1, files: [{ path: "a", bytes: 1 }] },
  { type: "event", seq: 1, event: { type: "step_started", index: 1 } },
  { type: "event", seq: 2, event: lines },
  { type: "event", seq: 3, event: finished },
  { type: "done", seq: 4 },
  { type: "stopped" },
];
const text = JSON.stringify;

/** A piece of an engine's stream: kind, three zeros, length, payload. */
function inEngineFrame(payload: Buffer, kind: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

/** Frames of an honest session, mutated, in any order, some of them twice or not at all, and what is no frame between them. */
const hostileLines = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...session).map(text) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...session), mutations)
        .map(([frame, by]) => text(by.reduce(mutate, frame))),
    },
    fc.constantFrom(
      "",
      "{",
      "null",
      "[".repeat(10_000),
      `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
      '{"type":',
    ),
    fc.constantFrom('{"type":"event","seq":1e400}', '{"__proto__":{"type":"done"}}', "x".repeat(70_000)),
    fc.string({ unit: "binary" }),
  ),
  { maxLength: 12 },
);

/** Those lines as an engine carries them: cut anywhere, over several streams. */
const hostileStream = fc
  .tuple(hostileLines, fc.array(fc.nat(5_000), { maxLength: 8 }), fc.nat(1), fc.uint8Array({ maxLength: 12 }))
  .map(([said, cuts, honest, garbage]) => {
    const bytes = Buffer.from(
      [text(hello), ...said]
        .slice(honest)
        .map((line) => `${line}\n`)
        .join(""),
    );
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
      (a, b) => a - b,
    );
    const pieces = places.slice(1).map((place, at) => bytes.subarray(places[at], place));
    return [...pieces.map((piece, at) => inEngineFrame(piece, at % 7 === 6 ? 2 : 1)), Buffer.from(garbage)];
  });

test(
  `whatever an agent says, its connection gives frames of the schema, then ends (seed ${String(seed)})`,
  { timeout: fuzzTimeoutMs },
  async () => {
    await fc.assert(
      fc.asyncProperty(hostileStream, async (chunks) => {
        const stream = new PassThrough();
        const connection = createAgentConnection(stream);
        for (const chunk of chunks) stream.push(chunk);
        stream.push(null);
        const sequence = createFrameSequence(0);
        let last = 0;
        for (let frame = await connection.next(); frame !== null; frame = await connection.next()) {
          expect(readAgentFrame(Buffer.from(text(frame)))).toEqual({ frame });
          // Numbers that are not due never get past it, however the frames lie.
          if (sequence.take(frame) === null && "seq" in frame) expect(frame.seq).toBe((last += 1));
        }
        expect(connection.isOpen()).toBe(false);
        expect(connection.breach() ?? "").toMatch(/^[\x20-\x7e]*$/);
      }),
      runs(100),
    );
  },
);

test(
  `whatever a worker's connection brings, the agent's reader gives frames or null, in bounded memory (seed ${String(seed)})`,
  { timeout: fuzzTimeoutMs },
  () => {
    const honest: readonly object[] = [
      { type: "cancel" },
      { type: "ack", seq: 1 },
      { type: "resume", after: 0, epoch: 1, token: "t" },
      { type: "file", path: "a", data: "YQ==", append: false },
      {
        type: "model_result",
        turn: 1,
        steps: [{ kind: "shell", command: "true", timeout_ms: null, continue_on_error: false }],
      },
    ];
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom(...honest), mutations)
        .map(([frame, by]) => Buffer.from(text(by.reduce(mutate, frame)))),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(Buffer.from("[".repeat(10_000)), Buffer.from('{"type":"cancel","type":"ack","seq":1}')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (given) => {
        const splitter = createFrameSplitter(1_000);
        for (const each of given) {
          const frame = readOwnerFrame(each);
          if (frame !== null) expect(frame.type).not.toBe("resume");
          readResume(each);
          splitter.push(Buffer.concat([each, Buffer.from("\n")]), (whole) =>
            expect(whole.length).toBeLessThanOrEqual(1_000),
          );
        }
      }),
      runs(40),
    );
  },
);
