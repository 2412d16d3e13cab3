import type { Logger } from "@longshore/shared/runtime/logger";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";

const everyMs = 5_000;
const boundMs = 4_000;

/**
 * Looks every few seconds whether the Sandbox still runs: one that was paused from outside, or whose engine's
 * connection hangs half open, says nothing of itself. Ends one that does not, so that its frames end too. Gives what
 * stops the watch.
 */
export function watchSandbox(sandbox: Pick<Sandbox, "alive" | "end">, logger: Logger): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const state = await sandbox.alive(AbortSignal.timeout(boundMs));
    if (stopped) return;
    if (state === "gone") {
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
