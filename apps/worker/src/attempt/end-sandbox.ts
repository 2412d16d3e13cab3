import { setTimeout as pause } from "node:timers/promises";
import type { Sandbox, SandboxEnd } from "../sandbox/sandbox-provider.ts";
import type { OpenAttempt } from "./open-attempt.ts";

const askAgainMs = 1_000;

/**
 * Ends the Attempt's Sandbox for sure: again and again where the engine does not do it, as nothing may be said of the
 * Job before it is done. Where the engine never says that it is, the receipt of a cancel will not say so either. Rejects where the Lease is lost: the Sandbox is then somebody else's to end.
 */
export async function endSandbox(
  { holds, fenced, logger, receipt }: Pick<OpenAttempt, "holds" | "fenced" | "logger" | "receipt">,
  sandbox: Pick<Sandbox, "end">,
): Promise<SandboxEnd> {
  for (let told = false; ; told = true) {
    if (!(await holds())) throw new Error("the lease is lost: the sandbox is another worker's");
    try {
      const end = await sandbox.end();
      if (!end.seen) receipt.endUnseen();
      return end;
    } catch (error) {
      if (!told) logger.warn({ err: error }, "the engine does not end a sandbox: asking it until it does");
      await pause(askAgainMs, undefined, { signal: fenced });
    }
  }
}
