import type { Part } from "./supervise-part.ts";

/** The parts that one command runs, stopped together. */
export interface PartGroup {
  /** Asks them to stop and waits for it: where they drain, however long that takes, else at most `limitMs`. */
  readonly stop: () => Promise<void>;
  /**
   * For whoever asks again. Parts that drain are told to hand over instead, and `go_on` says that they are still to be
   * waited for, at most `limitMs`; else they are killed.
   */
  readonly force: () => "go_on" | "leave";
  readonly kill: () => void;
}

/** True where this environment tells a worker to drain (the settings of which it is one are checked before). */
export function drains(env: NodeJS.ProcessEnv): boolean {
  return env["STOP_MODE"]?.trim() === "drain";
}

/** Groups parts, in the order in which they were started; the first is of use to the others while they drain. */
export function groupParts(
  parts: readonly Part[],
  { drain, limitMs }: { readonly drain: boolean; readonly limitMs: number },
): PartGroup {
  const kill = () => parts.forEach((part) => part.kill());
  let hurried = false;
  return {
    stop: async () => {
      if (!drain) {
        await Promise.all(parts.map((part) => part.stop(limitMs)));
        return;
      }
      for (const part of parts.toReversed()) await part.stop(null);
    },
    force: () => {
      if (drain && !hurried) {
        hurried = true;
        for (const part of parts) part.askAgain();
        setTimeout(kill, limitMs).unref();
        return "go_on";
      }
      kill();
      return "leave";
    },
    kill,
  };
}
