import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxProvider } from "../sandbox/sandbox-provider.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { leavesJob, stopReason } from "./stop-reason.ts";

const askAgainMs = 500;
/** As often it is tried again where the engine does answer for the Sandbox, and what is tried fails all the same. */
const mostTries = 3;

export interface OutliveDeps {
  readonly provider: Pick<SandboxProvider, "life">;
  /**
   * How long the engine may say nothing of a Sandbox, in ms, until it counts as gone: nobody speaks to its agent
   * meanwhile, and an earlier owner that is cut off from the database has given it up by then too.
   */
  readonly goneAfterSilenceMs: number;
}

/**
 * Does `work` on the Attempt's Sandbox, again where the engine did not answer for it and now does; or gives `outlived`
 * once it has not for so long that the agent must have ended itself. An engine can answer for all its containers but
 * one, for ever (Docker 20.10 does for one that is paused in the instant in which an exec starts in it). Rejects with the
 * error of `work` where the engine does answer, and where this worker stops; likewise where the Lease is lost.
 */
export async function orOutlive<Value>(
  deps: OutliveDeps,
  attempt: Pick<OpenAttempt, "row" | "signal" | "fenced" | "logger">,
  work: () => Promise<Value>,
): Promise<Value | "outlived"> {
  const { fenced, signal, logger } = attempt;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      fenced.throwIfAborted();
      if (leavesJob(stopReason(signal)) || tries === mostTries) throw error;
      logger.warn(
        { err: error },
        "the engine does not do what is asked of a sandbox: looking whether it lives",
      );
    }
    if (!(await answersAgain(deps, attempt))) return "outlived";
  }
}

/** True as soon as the engine says anything of the Sandbox, false where it has not for the whole time. */
async function answersAgain(
  { provider, goneAfterSilenceMs }: OutliveDeps,
  { row, signal, fenced, logger }: Pick<OpenAttempt, "row" | "signal" | "fenced" | "logger">,
): Promise<boolean> {
  const until = performance.now() + goneAfterSilenceMs;
  const { id: jobId, attempt } = row;
  while (performance.now() < until) {
    await pause(askAgainMs, undefined, { signal: fenced });
    if ((await provider.life({ jobId, attempt }, fenced)) !== "unknown") return true;
    if (leavesJob(stopReason(signal)))
      throw new Error("the worker stops, and the engine says nothing of a sandbox");
  }
  logger.error("the engine says nothing of a sandbox, whose agent has ended itself by now: it is given up");
  return false;
}
