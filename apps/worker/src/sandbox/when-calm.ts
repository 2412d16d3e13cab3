/** How long nothing may come before there is calm, and how long calm is waited for, in ms. */
export interface Calm {
  readonly afterMs: number;
  readonly atMostMs: number;
}

export interface WhenCalm {
  /** Something has come: `work` is due when nothing has come for a while, or has waited for that for long enough. */
  readonly ask: () => void;
  /** What is due is not done any more. */
  readonly stop: () => void;
}

/** Does `work` off the path of what comes: once, after it. At once where there is nothing to wait for. */
export function createWhenCalm(work: () => void, { afterMs, atMostMs }: Calm): WhenCalm {
  let timer: NodeJS.Timeout | undefined;
  let dueBy: number | null = null;
  let stopped = false;
  const fire = () => {
    dueBy = null;
    work();
  };
  return {
    ask: () => {
      clearTimeout(timer);
      if (stopped) return;
      dueBy ??= performance.now() + atMostMs;
      const waitMs = Math.min(afterMs, dueBy - performance.now());
      if (waitMs <= 0) fire();
      else timer = setTimeout(fire, waitMs);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
