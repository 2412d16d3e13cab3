import {
  filePieceBytes,
  longestAgentFrameBytes,
  type WorkerFrame,
  workerFrame,
} from "@longshore/shared/contracts/agent-wire";
import type { Step } from "@longshore/shared/contracts/step";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newRequest } from "../../../../tests/support/stored-job.ts";
import { agentSilenceMs } from "../sandbox/agent-silence.ts";
import { jobFrames, toWireStep } from "./send-job.ts";

function framesOf(
  body: Readonly<Record<string, unknown>>,
  steps: readonly Step[] | null = null,
): WorkerFrame[] {
  return [
    ...jobFrames(
      { jobId: "0198", attempt: 2, request: newRequest(body), secrets: {}, resumeToken: "known by it" },
      steps,
    ),
  ];
}

/** The files as an agent puts them together. */
function filesOf(frames: readonly WorkerFrame[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const frame of frames) {
    if (frame.type !== "file") continue;
    const before = frame.append
      ? (files.get(frame.path) ?? Buffer.from("an append without a beginning"))
      : Buffer.alloc(0);
    files.set(frame.path, Buffer.concat([before, Buffer.from(frame.data, "base64")]));
  }
  return files;
}

describe("what a fresh agent is sent", () => {
  test("is the job alone where there are no files", () => {
    expect(framesOf({ env: { A: "b" }, limits: { log_mb: 2 } })).toEqual([
      {
        ...{ type: "job", job_id: "0198", attempt: 2, env: { A: "b" }, steps: null },
        ...{
          log_bytes: 2_097_152,
          log_lines: 131_072,
          resume_token: "known by it",
          silence_ms: agentSilenceMs,
        },
      },
    ]);
  });

  test.each([0, 1, filePieceBytes - 1, filePieceBytes, filePieceBytes + 1, filePieceBytes * 3])(
    "holds a file of %d bytes whole, in pieces that fit a frame, before the job",
    (size) => {
      const content = Buffer.alloc(size, "longshore ");
      const frames = framesOf({
        files: [{ path: "a/b.bin", content: content.toString("base64"), encoding: "base64" }],
      });
      expect(frames.at(-1)?.type).toBe("job");
      expect(frames).toHaveLength(1 + Math.max(1, Math.ceil(size / filePieceBytes)));
      expect(filesOf(frames).get("a/b.bin")?.equals(content)).toBe(true);
      for (const frame of frames) {
        expect(workerFrame.safeParse(frame).success).toBe(true);
        expect(JSON.stringify(frame).length).toBeLessThan(longestAgentFrameBytes);
      }
    },
  );

  test("holds every file as it was sent, whatever its encoding", () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 });
    fc.assert(
      fc.property(contents, fc.string({ unit: "grapheme", maxLength: 50 }), (binary, text) => {
        const files = binary.map((bytes, position) => ({
          path: `f${String(position)}`,
          content: Buffer.from(bytes).toString("base64"),
          encoding: "base64",
        }));
        const given = filesOf(framesOf({ files: [...files, { path: "text", content: text }] }));
        expect(given.get("text")?.toString()).toBe(text);
        for (const [position, bytes] of binary.entries())
          expect(given.get(`f${String(position)}`)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });
});

test("a step on the wire has its time-out in milliseconds, or none, and not its name", () => {
  expect(
    toWireStep({ kind: "shell", command: "ls", name: "list", timeout_seconds: 3, continue_on_error: true }),
  ).toEqual({ kind: "shell", command: "ls", timeout_ms: 3_000, continue_on_error: true });
  expect(toWireStep({ kind: "python", code: "1", continue_on_error: false })).toEqual({
    ...{ kind: "python", code: "1", timeout_ms: null, continue_on_error: false },
  });
  const write: Step = {
    kind: "write_file",
    path: "a",
    content: "AA==",
    encoding: "base64",
    continue_on_error: false,
  };
  expect(toWireStep(write)).toEqual({ ...write, timeout_ms: null });
});
