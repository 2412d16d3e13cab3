import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { Logger } from "@longshore/shared/runtime/logger";

export interface KeepLeaseDeps {
  /** Renews in the database; null where the Lease is lost. Rejects where the database is away. */
  readonly renew: (boundMs: number) => Promise<{ readonly cancelRequestedAt: Date | null } | null>;
  readonly leaseSeconds: number;
  /** How long the Lease is held on to while the database is away; 90 where left out. */
  readonly holdSeconds?: number;
  readonly logger: Logger;
  readonly onLost: () => void;
  readonly onCancelRequested: (at: Date) => void;
  /** When the Lease was asked for, by performance.now(): it may have begun to run then. Now, where left out. */
  readonly takenAt?: number;
}

export interface LeaseKeeper {
  /**
   * Resolves true where nobody else can have the Lease yet: it was renewed less than its length ago, or just now. False
   * where it is lost. Asks the database where it is not known, for as long as the Lease is held on to.
   */
  holds(): Promise<boolean>;
  stop(): Promise<void>;
}

const renewalsPerLease = 8;
const askAgainMs = 250;
const defaultHoldSeconds = 90;

/**
 * Renews a Lease again and again, or says that it is lost: where the database says so; where renewing has failed for
 * its whole length though the database was there; or where the database was away for `holdSeconds`.
 *
 * While the database is away the Lease may run out by the database's clock, and is held all the same: nobody can take
 * it meanwhile, and the first renewal that is answered asks for the owner, not for the time. A worker that alone is cut
 * off holds on too, while another takes the Attempt over: it then writes nothing any more (each write is fenced by the
 * owner), but for at most `holdSeconds` two Sandboxes may be there for the Job (decisions/006).
 */
export function keepLease({
  renew,
  leaseSeconds,
  holdSeconds = defaultHoldSeconds,
  logger,
  onLost,
  onCancelRequested,
  takenAt = performance.now(),
}: KeepLeaseDeps): LeaseKeeper {
  const leaseMs = leaseSeconds * 1_000;
  const holdMs = Math.max(leaseMs, holdSeconds * 1_000);
  const pauseMs = leaseMs / renewalsPerLease;
  let renewedAt = takenAt;
  // The wall clock goes on while a machine sleeps, the monotonic one does not.
  let renewedAtWall = Date.now() - (performance.now() - takenAt);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failing = false;

  const renewOnce = async (): Promise<void> => {
    const askedAt = performance.now();
    const askedAtWall = Date.now();
    try {
      const answer = await renew(pauseMs * 2);
      if (stopped) return;
      if (answer === null) return lose();
      if (failing) logger.info("the lease is renewed again");
      failing = false;
      renewedAt = askedAt;
      renewedAtWall = askedAtWall;
      if (answer.cancelRequestedAt !== null) onCancelRequested(answer.cancelRequestedAt);
    } catch (error) {
      if (!failing) logger.warn({ err: error }, "a lease could not be renewed; trying again");
      failing = true;
      const boundMs = isDatabaseAway(error) ? holdMs : leaseMs;
      if (!stopped && performance.now() - renewedAt >= boundMs) return lose();
    }
    if (!stopped) timer = setTimeout(() => void tick(), pauseMs);
  };
  const lose = (): void => {
    stopped = true;
    onLost();
  };
  let running: Promise<void> | undefined;
  const tick = (): Promise<void> => {
    clearTimeout(timer);
    running ??= renewOnce().finally(() => {
      running = undefined;
    });
    return running;
  };
  const isFresh = (): boolean =>
    Math.max(performance.now() - renewedAt, Date.now() - renewedAtWall) < leaseMs - pauseMs;
  timer = setTimeout(() => void tick(), pauseMs);
  return {
    holds: async () => {
      while (!stopped && !isFresh()) {
        await tick();
        if (!stopped && !isFresh()) await pause(askAgainMs);
      }
      return !stopped;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
