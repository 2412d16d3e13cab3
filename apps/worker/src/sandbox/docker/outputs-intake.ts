import { agentFrame } from "@longshore/shared/contracts/agent-wire";
import { readFrame } from "./read-frame.ts";

/** Sorts out the line by which an agent answers `outputs`: nobody pulls frames then. */
export interface OutputsIntake {
  /** True where the line is one, and has been taken. */
  take(line: Buffer): boolean;
  /**
   * Sends the question and waits for its answer for 20 s, or for 200 ms from when `hurry` aborts. Null where there is none.
   * Rejects where `signal` aborts.
   */
  ask(send: () => Promise<void>, signal: AbortSignal, hurry?: AbortSignal): Promise<Buffer | null>;
  /** No answer comes any more. */
  end(): void;
}

const beginning = Buffer.from('{"type":"outputs"');
/**
 * The agent gives up after two, and then kills what is left for up to 15 (kill-all.ts): every process of the Job's user,
 * and so also that of an exec that was begun meanwhile.
 */
const longestAnswerMs = 20_000;
/**
 * Mostly an answer is on its way. Where it is not, the time that is left is an exec's, though the agent may still kill it
 * together with its own program: what came until then is more than nothing.
 */
const hurriedAnswerMs = 200;

/** `onBreach` gets a sentence. */
export function createOutputsIntake(onBreach: (reason: string) => void): OutputsIntake {
  let answered: ((output: Buffer | null) => void) | null = null;
  /** An answer that nobody waits for any more may still come, once. */
  let isDue = false;
  let ended = false;

  function takeAnswer(line: Buffer): void {
    if (!isDue) return onBreach("The agent gave outputs and was not asked for them.");
    isDue = false;
    const read = readFrame(agentFrame, line);
    if (read.frame === null) return onBreach(read.reason);
    if (read.frame.type !== "outputs") return onBreach("The agent gave outputs that are none.");
    answered?.(read.frame.data === null ? null : Buffer.from(read.frame.data, "base64"));
  }

  return {
    take(line) {
      if (!line.subarray(0, beginning.length).equals(beginning)) return false;
      takeAnswer(line);
      return true;
    },
    async ask(send, signal, hurry) {
      signal.throwIfAborted();
      if (ended || isDue) return null;
      isDue = true;
      const { promise, resolve } = Promise.withResolvers<Buffer | null>();
      answered = resolve;
      const giveUp = (): void => resolve(null);
      const timers = [setTimeout(giveUp, longestAnswerMs)];
      const giveUpSoon = (): void => void timers.push(setTimeout(giveUp, hurriedAnswerMs));
      signal.addEventListener("abort", giveUp, { once: true });
      hurry?.addEventListener("abort", giveUpSoon, { once: true });
      if (hurry?.aborted === true) giveUpSoon();
      send().catch(giveUp);
      const output = await promise;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      hurry?.removeEventListener("abort", giveUpSoon);
      answered = null;
      signal.throwIfAborted();
      return output;
    },
    end() {
      ended = true;
      answered?.(null);
    },
  };
}
