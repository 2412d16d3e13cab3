import { constants } from "node:os";
import { getSystemErrorName } from "node:util";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import { answerBytes, answerKind, askKind, encodeAsk, readAnswer, type Answer } from "../wire/init-wire.ts";
import { maySharePython } from "./may-share-python.ts";
import type { Exit, ProgramCall, ProgramStarter } from "./program-starter.ts";

/** The agent's end of the socket that it shares with process 1. */
export interface InitSocket {
  write(bytes: Buffer): void;
  onBytes(listener: (bytes: Buffer) => void): void;
}

/**
 * Has process 1 start the programs (native/starter.h): a fork of it costs less than one of the agent, and Python steps
 * can be forks of an interpreter that has started. One program at a time.
 */
export function createInitStarter(socket: InitSocket, imageEnv: Readonly<NodeJS.ProcessEnv>): ProgramStarter {
  let hasRunner = false;
  let asked: ((started: Result<Promise<Exit>, string>) => void) | null = null;
  let ended: ((exit: Exit) => void) | null = null;

  function take({ kind, value }: Answer): void {
    if (kind === answerKind.ended) return ended?.(toExit(value));
    const answer = asked;
    asked = null;
    if (kind === answerKind.failed) return answer?.(fail(getSystemErrorName(-value)));
    answer?.(succeed(new Promise<Exit>((resolve) => (ended = resolve))));
  }

  function becomeRunner(kind: typeof askKind.runner | typeof askKind.loadedRunner): void {
    if (!hasRunner) socket.write(encodeAsk(kind));
    hasRunner = true;
  }

  function start({ argv, env, isPython }: ProgramCall): Promise<Result<Promise<Exit>, string>> {
    const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    if ([...argv, ...pairs].some((each) => each.includes("\0"))) return Promise.resolve(fail("EINVAL"));
    const forks = isPython && maySharePython(env, imageEnv);
    // Nothing that a Step started runs at this point, which the runner's start counts on (native/init.c).
    if (forks) becomeRunner(askKind.runner);
    return new Promise((resolve) => {
      asked = resolve;
      socket.write(encodeAsk(forks ? askKind.python : askKind.program, argv, pairs));
    });
  }

  socket.onBytes(splitAnswers(take));
  return { start, readyPython: () => becomeRunner(askKind.loadedRunner) };
}

/** Answers may come in any pieces. */
function splitAnswers(take: (answer: Answer) => void): (bytes: Buffer) => void {
  let kept = Buffer.alloc(0);
  return (bytes) => {
    kept = Buffer.concat([kept, bytes]);
    for (; kept.length >= answerBytes; kept = kept.subarray(answerBytes)) take(readAnswer(kept));
  };
}

const signalNames = new Map(
  // safety: os.constants.signals has a number for each name of a signal. Of two names the first is the usual one.
  (Object.entries(constants.signals) as [NodeJS.Signals, number][])
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** A status as wait(2) gives it: the signal that ended it in the lowest seven bits, else the code above eight. */
function toExit(status: number): Exit {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: null };
  return { code: null, signal: signalNames.get(signal) ?? null };
}
