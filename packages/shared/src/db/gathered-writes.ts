import type { Sql } from "./connect-database.ts";
import { createHeldLeaseLine } from "./await-held-lease.ts";
import { type AttemptEnd, type Ended, endJob, endJobs } from "./end-job.ts";
import type { Fence } from "./fence.ts";
import { gatherCalls } from "./gather-calls.ts";
import type { JobRow } from "./job-record.ts";
import { renewLease, renewLeases, type Renewed } from "./renew-lease.ts";
import { type Settled, settleEnd, settleEnds, type WantedEnd } from "./settle-end.ts";
import { type LeaseTerms, takeFreeLeases, takeNextLease } from "./take-lease.ts";

/** What all Attempts of a worker write now and then: those that come at once share a statement, and its commit. */
export interface GatheredWrites {
  /** Takes the Lease of the Attempt that is next; null where none is due. */
  takeNext(): Promise<JobRow | null>;
  renew(wanted: WantedRenewal): Promise<Renewed>;
  settle(wanted: WantedEnd): Promise<Settled>;
  end(ended: AttemptEnd): Promise<Ended>;
}

export interface WantedRenewal {
  readonly fence: Fence;
  /** Within how many ms the database has to answer. */
  readonly boundMs: number;
}

export interface GatheredWritesDeps {
  readonly sql: Sql;
  /** The worker in whose name Leases are taken. */
  readonly owner: string;
  readonly leaseSeconds: number;
  readonly engineId: () => Promise<LeaseTerms["engineId"]>;
}

// A statement of so many stays a matter of milliseconds. Who takes a Lease is given all of its Job, which may have megabytes.
const most = 64;
const mostTaken = 16;
// For many, over one connection: what is not answered by then comes again over another, as an end may be written twice. Not
// so a Lease: one that is taken late, and given to nobody, is missed until it runs out.
const endBoundMs = 3_000;

/** Each as the function of its own says that it gathers. */
export function createGatheredWrites(deps: GatheredWritesDeps): GatheredWrites {
  const { sql, owner, leaseSeconds } = deps;
  const terms = async () => ({ leaseSeconds, engineId: await deps.engineId() });
  const takeFree = gatherCalls<void, JobRow | null>({
    together: async ({ length }) => takeFreeLeases(sql, owner, await terms(), length),
    alone: () => Promise.resolve(null),
    most: mostTaken,
  });
  const awaitHeld = createHeldLeaseLine({
    wait: async () => takeNextLease(sql, owner, await terms()),
    look: takeFree,
  });
  return {
    takeNext: async () => (await takeFree()) ?? (await awaitHeld()),
    renew: gatherCalls<WantedRenewal, Renewed>({
      together: (wanted) =>
        renewLeases(
          sql,
          wanted.map(({ fence }) => fence),
          { leaseSeconds, boundMs: Math.min(...wanted.map(({ boundMs }) => boundMs)) },
        ),
      alone: ({ fence, boundMs }) => renewLease(sql, fence, leaseSeconds, boundMs),
      most,
    }),
    settle: gatherCalls({
      together: (wanted) => settleEnds(sql, wanted, endBoundMs),
      alone: ({ fence, end }) => settleEnd(sql, fence, end),
      most,
    }),
    end: gatherCalls({
      together: (ends) => endJobs(sql, ends, endBoundMs),
      alone: ({ fence, end }) => endJob(sql, fence, end),
      most,
    }),
  };
}
