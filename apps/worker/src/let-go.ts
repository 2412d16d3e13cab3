import type { MessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { AttemptRegistry } from "./attempt/attempt-registry.ts";

export const stopModes = ["hand-over", "requeue", "drain"] as const;

/**
 * What becomes of the Attempts that run when a worker is asked to stop. `hand-over`: after the grace time their
 * Sandboxes run on, and the next worker adopts them. `requeue`: after the grace time their Sandboxes are removed, and
 * the Jobs are queued anew. `drain`: all run to their end, however long that takes; asked again, it is a hand-over.
 */
export type StopMode = (typeof stopModes)[number];

export interface LetGoDeps {
  readonly consumer: Pick<MessageConsumer, "stopTaking">;
  readonly registry: Pick<AttemptRegistry, "idle" | "stopAll" | "count">;
  /** Resolves when the stop is asked for once more. */
  readonly askedAgain: Promise<unknown>;
  readonly logger: Logger;
}

// After the grace time: to give the Attempts away, and remove the Sandboxes of those that start anew.
const giveAwayBoundMs = 8_000;
const drainLookMs = 60_000;

/**
 * Takes no more Messages and lets go of what runs, as `mode` says. Resolves within `graceMs` + 9 s where it does not
 * drain; what is left then, other workers find by its Lease.
 */
export async function letGo(
  { consumer, registry, askedAgain, logger }: LetGoDeps,
  { mode, graceMs }: { readonly mode: StopMode; readonly graceMs: number },
): Promise<void> {
  await consumer.stopTaking();
  if (mode === "drain") {
    logger.info(
      { running: registry.count() },
      "draining: no more jobs are taken; what runs goes on to its end",
    );
    if (await drained(registry, askedAgain)) return;
  } else if (await registry.idle(graceMs)) {
    return;
  }
  const running = registry.count();
  registry.stopAll(mode === "requeue" ? "shutdown" : "hand_over");
  if (await registry.idle(giveAwayBoundMs)) {
    logger.info({ running }, mode === "requeue" ? "the rest is queued anew" : "the rest is handed over");
    return;
  }
  logger.error({ running: registry.count() }, "attempts are left behind: another worker takes them over");
}

/** True when nothing runs any more, false when that was not to be waited for. */
async function drained(
  registry: Pick<AttemptRegistry, "idle">,
  askedAgain: Promise<unknown>,
): Promise<boolean> {
  const again = askedAgain.then(() => "again" as const);
  for (;;) {
    const idle = await Promise.race([registry.idle(drainLookMs), again]);
    if (idle === "again") return false;
    if (idle) return true;
  }
}
