import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import type { OpenAttempt } from "./open-attempt.ts";

/**
 * Ends and removes the Sandbox of an Attempt that is over; for the Job that is mostly after its end was told
 * (decisions/008). What the engine does not do in its time is left to a sweep, and what is another worker's left alone.
 */
export async function letGo(
  { fenced, logger }: Pick<OpenAttempt, "fenced" | "logger">,
  sandbox: Sandbox,
): Promise<void> {
  if (fenced.aborted) return sandbox.detach();
  try {
    await sandbox.end();
    await sandbox.remove();
  } catch (error) {
    logger.warn(
      { err: error },
      "the engine does not end a sandbox whose attempt is over: it is left to a sweep",
    );
  }
}
