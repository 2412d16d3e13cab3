import { performance } from "node:perf_hooks";
import type { OpenAttempt } from "./open-attempt.ts";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";

const usual = { everyMs: 5_000, unknownMs: 180_000 };
const boundMs = 4_000;

export interface WatchTimes {
  readonly everyMs: number;
  /** How long the engine may say nothing of the Sandbox: longer than it takes to restart, or to get over a heavy load. */
  readonly unknownMs: number;
}

/**
 * Looks every few seconds whether the Sandbox still runs: one that was paused from outside, or whose engine's
 * connection hangs half open, says nothing of itself. Ends one that does not, or that the engine has not answered for
 * since three minutes, so that its frames end too. Gives what stops the watch.
 */
export function watchSandbox(
  sandbox: Pick<Sandbox, "alive" | "end">,
  { holds, logger }: Pick<OpenAttempt, "holds" | "logger">,
  { everyMs, unknownMs }: WatchTimes = usual,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let unknownSince: number | null = null;
  const look = async (): Promise<void> => {
    const state = await sandbox.alive(AbortSignal.timeout(boundMs));
    if (stopped) return;
    unknownSince = state === "unknown" ? (unknownSince ?? performance.now()) : null;
    const lost = unknownSince !== null && performance.now() - unknownSince > unknownMs;
    // Where the Lease is lost, its new owner may have given the Sandbox another name.
    if ((lost || state === "gone") && (await holds())) {
      logger.warn(
        { state },
        "the sandbox runs no more, was paused from outside, or the engine says nothing of it",
      );
      await sandbox.end();
      return;
    }
    timer = setTimeout(next, everyMs);
  };
  const next = (): void => {
    look().catch((error: unknown) => {
      logger.warn({ err: error }, "a sandbox that is gone could not be ended");
    });
  };
  timer = setTimeout(next, everyMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
