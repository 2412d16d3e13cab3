import { expect, test } from "vitest";
import { answerKind, askKind } from "../wire/init-wire.ts";
import { createInitStarter } from "./init-starter.ts";

const pipes = { stdout: { readFd: 0, writeFd: 0 }, stderr: { readFd: 0, writeFd: 0 } };
const shell = { argv: ["bash", "-c", "true"], env: { A: "1", B: "é" }, isPython: false };
const python = { argv: ["python3", "a.py"], env: { PYTHONPATH: "/workspace" }, isPython: true };

/** Process 1, as far as its socket goes. */
function processOne() {
  const asked: { kind: number; argumentCount: number; strings: readonly string[] }[] = [];
  let hear: (bytes: Buffer) => void = () => undefined;
  const starter = createInitStarter(
    {
      write(bytes) {
        expect(bytes.readUInt32LE(4)).toBe(bytes.length - 12);
        const strings = bytes.subarray(12).toString("utf8").split("\0").slice(0, -1);
        asked.push({ kind: bytes.readUInt32LE(0), argumentCount: bytes.readUInt32LE(8), strings });
      },
      onBytes: (listener) => void (hear = listener),
    },
    {},
  );
  const answer = (kind: number, value: number): Buffer => Buffer.from(new Int32Array([kind, value]).buffer);
  return { asked, starter, hear: (bytes: Buffer) => hear(bytes), answer };
}

test("it asks for a program with its arguments and its environment", async () => {
  const { asked, starter, hear, answer } = processOne();
  const started = starter.start(shell, pipes);
  expect(asked).toEqual([
    { kind: askKind.program, argumentCount: 3, strings: ["bash", "-c", "true", "A=1", "B=é"] },
  ]);
  hear(answer(answerKind.started, 7));
  expect(await started).toMatchObject({ ok: true });
});

test.each([
  ["an exit code", 3 << 8, { code: 3, signal: null }],
  ["a signal", 9, { code: null, signal: "SIGKILL" }],
  ["a signal with a dump of memory", 11 | 0x80, { code: null, signal: "SIGSEGV" }],
  ["a signal without a name", 40, { code: null, signal: null }],
])("%s is told as such, in whatever pieces the answers come", async (_, status, exit) => {
  const { starter, hear, answer } = processOne();
  const starting = starter.start(shell, pipes);
  const bytes = Buffer.concat([answer(answerKind.started, 7), answer(answerKind.ended, status)]);
  for (const byte of bytes) hear(Buffer.from([byte]));
  const started = await starting;
  expect(started.ok && (await started.value)).toEqual(exit);
});

test("what could not be started is told by the system's code", async () => {
  const { starter, hear, answer } = processOne();
  const starting = starter.start(shell, pipes);
  hear(answer(answerKind.failed, 11));
  expect(await starting).toEqual({ ok: false, failure: "EAGAIN" });
});

test("the runner is asked for once, before the first Python Step that it may serve", () => {
  const { asked, starter } = processOne();
  void starter.start({ ...python, env: { ...python.env, PYTHONHASHSEED: "0" } }, pipes);
  void starter.start(python, pipes);
  void starter.start(python, pipes);
  starter.readyPython();
  expect(asked.map(({ kind }) => kind)).toEqual([
    askKind.program,
    askKind.runner,
    askKind.python,
    askKind.python,
  ]);
});

test("a NUL, which would end a string too early, is refused", async () => {
  const { asked, starter } = processOne();
  expect(await starter.start({ ...shell, argv: ["bash", "-c", "a\0b"] }, pipes)).toMatchObject({ ok: false });
  expect(asked).toEqual([]);
});
