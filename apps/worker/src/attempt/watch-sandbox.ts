import type { OpenAttempt } from "./open-attempt.ts";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";

const everyMs = 5_000;
const boundMs = 4_000;

/**
 * Looks every few seconds whether the Sandbox still runs: one that was paused from outside, or whose engine's
 * connection hangs half open, says nothing of itself. Ends one that does not, so that its frames end too. Gives what
 * stops the watch.
 */
export function watchSandbox(
  sandbox: Pick<Sandbox, "alive" | "end">,
  { holds, logger }: Pick<OpenAttempt, "holds" | "logger">,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const state = await sandbox.alive(AbortSignal.timeout(boundMs));
    if (stopped) return;
    // Where the Lease is lost, its new owner may have given the Sandbox another name.
    if (state === "gone" && (await holds())) {
      logger.warn("the sandbox runs no more, or was paused from outside");
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
