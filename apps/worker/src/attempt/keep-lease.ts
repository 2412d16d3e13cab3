import { performance } from "node:perf_hooks";
import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { Logger } from "@longshore/shared/runtime/logger";

export interface KeepLeaseDeps {
  /** Renews in the database; null where the Lease is lost. Rejects where the database is away. */
  readonly renew: (boundMs: number) => Promise<{ readonly cancelRequested: boolean } | null>;
  readonly leaseSeconds: number;
  /** How long the Lease is held on to while the database is away; 90 where left out. */
  readonly holdSeconds?: number;
  readonly logger: Logger;
  readonly onLost: () => void;
  readonly onCancelRequested: () => void;
}

export interface LeaseKeeper {
  stop(): Promise<void>;
}

const renewalsPerLease = 8;
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
}: KeepLeaseDeps): LeaseKeeper {
  const leaseMs = leaseSeconds * 1_000;
  const holdMs = Math.max(leaseMs, holdSeconds * 1_000);
  const pauseMs = leaseMs / renewalsPerLease;
  let renewedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failing = false;

  const renewOnce = async (): Promise<void> => {
    const askedAt = performance.now();
    try {
      const answer = await renew(pauseMs * 2);
      if (stopped) return;
      if (answer === null) return lose();
      if (failing) logger.info("the lease is renewed again");
      failing = false;
      renewedAt = askedAt;
      if (answer.cancelRequested) onCancelRequested();
    } catch (error) {
      if (!failing) logger.warn({ err: error }, "a lease could not be renewed; trying again");
      failing = true;
      const boundMs = isDatabaseAway(error) ? holdMs : leaseMs;
      if (!stopped && performance.now() - renewedAt >= boundMs) return lose();
    }
    if (!stopped) timer = setTimeout(tick, pauseMs);
  };
  const lose = (): void => {
    stopped = true;
    onLost();
  };
  let running: Promise<void> = Promise.resolve();
  const tick = (): void => {
    running = renewOnce();
  };
  timer = setTimeout(tick, pauseMs);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
