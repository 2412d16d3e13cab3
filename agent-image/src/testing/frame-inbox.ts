import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";

/** Frames that have come, and who waits for one. */
export interface FrameInbox {
  readonly frames: readonly AgentFrame[];
  push(frame: AgentFrame): void;
  /** The next frame that `matches`, after the last one that was taken under that name. Rejects after a minute. */
  take<Wanted extends AgentFrame>(
    name: string,
    matches: (frame: AgentFrame) => frame is Wanted,
  ): Promise<Wanted>;
}

const takeTimeoutMs = 60_000;

/** `closed` resolves when no frame can come any more; `describe` says what else is known then. */
export function createFrameInbox(closed: Promise<void>, describe: () => string): FrameInbox {
  const frames: AgentFrame[] = [];
  const taken = new Map<string, number>();
  const wakers: (() => void)[] = [];

  function find<Wanted extends AgentFrame>(
    name: string,
    matches: (frame: AgentFrame) => frame is Wanted,
  ): Wanted | null {
    for (let at = taken.get(name) ?? 0; at < frames.length; at++) {
      const frame = frames[at];
      if (frame === undefined || !matches(frame)) continue;
      taken.set(name, at + 1);
      return frame;
    }
    return null;
  }

  return {
    frames,
    push(frame) {
      frames.push(frame);
      for (const wake of wakers.splice(0)) wake();
    },
    async take(name, matches) {
      const deadline = AbortSignal.timeout(takeTimeoutMs);
      for (;;) {
        const found = find(name, matches);
        if (found !== null) return found;
        await new Promise<void>((resolve, reject) => {
          wakers.push(resolve);
          const fail = (why: string): void => reject(new Error(`no ${name}: ${why}; ${describe()}`));
          deadline.addEventListener("abort", () => fail("it did not come within a minute"), { once: true });
          void closed.then(() => fail("the agent has ended"));
        });
      }
    },
  };
}
