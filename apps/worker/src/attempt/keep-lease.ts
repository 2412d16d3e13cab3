import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createLeaseAge, type LeaseAge } from "./lease-age.ts";

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
/** How long a worker holds on to a Lease that it cannot renew since the database is away. */
export const longestHoldSeconds = 90;

/**
 * Renews a Lease again and again, or says that it is lost: where the database says so; where renewing has failed for
 * its whole length though the database was there; or where the database was away for `holdSeconds`.
 *
 * While the database is away the Lease may run out by the database's clock, and is held all the same: nobody can take
 * it meanwhile, and the first renewal that is answered asks for the owner, not for the time. A worker that alone is cut
 * off holds on too, while another takes the Attempt over: it then writes nothing any more (each write is fenced by the
 * owner), but for at most `holdSeconds` two Sandboxes may be there for the Job (decisions/006).
 */
export function keepLease(deps: KeepLeaseDeps): LeaseKeeper {
  const { leaseSeconds, onLost, takenAt = performance.now() } = deps;
  const leaseMs = leaseSeconds * 1_000;
  const pauseMs = leaseMs / renewalsPerLease;
  const age = createLeaseAge(takenAt);
  const state = { stopped: false, failing: false };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const renewAndGoOn = async (): Promise<void> => {
    const lost = (await renewOnce(deps, age, state)) === "lost";
    if (state.stopped) return;
    if (lost) {
      state.stopped = true;
      return onLost();
    }
    timer = setTimeout(() => void tick(), untilBeat(pauseMs));
  };
  const tick = (): Promise<void> => {
    clearTimeout(timer);
    running ??= renewAndGoOn().finally(() => {
      running = undefined;
    });
    return running;
  };
  const isFresh = (): boolean => age.mostMs() < leaseMs - pauseMs;
  timer = setTimeout(() => void tick(), untilBeat(pauseMs));
  return {
    holds: async () => {
      while (!state.stopped && !isFresh()) {
        await tick();
        if (!state.stopped && !isFresh()) await pause(askAgainMs);
      }
      return !state.stopped;
    },
    stop: async () => {
      state.stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** To the next beat, which is the same for all Leases of this process: their renewals then go in one statement. */
function untilBeat(pauseMs: number): number {
  return Math.ceil(pauseMs - (performance.now() % pauseMs));
}

/** Renews, or finds that it cannot be held on to any longer. */
async function renewOnce(
  { renew, leaseSeconds, holdSeconds = longestHoldSeconds, logger, onCancelRequested }: KeepLeaseDeps,
  age: LeaseAge,
  state: { readonly stopped: boolean; failing: boolean },
): Promise<"held" | "lost"> {
  const leaseMs = leaseSeconds * 1_000;
  const asked = age.moment();
  try {
    const answer = await renew((leaseMs / renewalsPerLease) * 2);
    if (state.stopped) return "held";
    if (answer === null) return "lost";
    if (state.failing) logger.debug("the lease is renewed again");
    state.failing = false;
    age.begin(asked);
    if (answer.cancelRequestedAt !== null) onCancelRequested(answer.cancelRequestedAt);
  } catch (error) {
    // A database that is away is told once for the process, not for each Attempt.
    const away = isDatabaseAway(error);
    if (!state.failing)
      logger[away ? "debug" : "warn"]({ err: error }, "a lease could not be renewed; trying again");
    state.failing = true;
    const boundMs = away ? Math.max(leaseMs, holdSeconds * 1_000) : leaseMs;
    if (age.runningMs() >= boundMs) return "lost";
  }
  return "held";
}
