import type { Result } from "../domain/result.ts";
import { createGatherer } from "../runtime/gather.ts";
import type { Sql } from "./connect-database.ts";
import { DatabaseAway, isDatabaseAway } from "./database-away.ts";
import { type InsertedJob, insertJob, insertJobs, type NewJob, type NotInserted } from "./insert-job.ts";
import { TenantRowHeld } from "./tenant-row-held.ts";
import { mostWaiting, within } from "./within.ts";

type Stored = Result<InsertedJob, NotInserted>;
export type InsertJob = (job: NewJob) => Promise<Stored>;

/** Stores the Jobs of one tenant. */
export interface TenantLine {
  /** Together with others that come at the same time. */
  readonly insertSmall: InsertJob;
  /** By itself: it must not keep others waiting. */
  readonly insertLarge: InsertJob;
}

interface Ask {
  readonly job: NewJob;
  readonly since: number;
}

/** Jobs in one statement: with more of them it takes longer, and what it saves does not grow. */
const mostAtOnce = 50;
/** So many statements at once: while the commit of one is written, the server is at the next one. */
const lanes = 2;
/** In ms; as long as an answer waits for the database at most: whoever waits longer was told that it is away. */
const statementBoundMs = 4_000;
/** In ms, before the statement: what then is left is enough for that. */
const patienceMs = 2_000;

/** Both kinds take their turns, each kind two connections at most: where the tenant's row is held, they wait for it. */
export function gatherTenantJobs(sql: Sql): TenantLine {
  // Whether such a row is what keeps the tenant's Jobs waiting: the last of them has met it.
  let held: { readonly error: TenantRowHeld; readonly at: number } | null = null;
  const watched = async <Outcome>(inserted: Promise<Outcome>): Promise<Outcome> => {
    try {
      const outcome = await inserted;
      held = null;
      return outcome;
    } catch (error) {
      if (error instanceof TenantRowHeld) held = { error, at: performance.now() };
      else if (isDatabaseAway(error)) held = null;
      throw error;
    }
  };
  // What came before one had waited for such a row in vain has waited with it: its answer has no time for once more.
  const reasonToRefuse = ({ since }: Ask) => (held !== null && since <= held.at ? held.error : null);
  const insertOne = async (ask: Ask): Promise<Stored> => {
    const refusal = reasonToRefuse(ask);
    if (refusal !== null) throw refusal;
    return watched(insertJob(sql, ask.job));
  };
  const inTurn = (asks: readonly Ask[]) => insertInTurn(insertOne, asks);
  const insertTogether = async (asks: readonly Ask[]): Promise<readonly (Stored | Promise<Stored>)[]> => {
    if (asks.length === 1 || asks.some((ask) => reasonToRefuse(ask) !== null)) return inTurn(asks);
    try {
      // No longer than an answer waits: a lane that a lost connection holds would keep others waiting.
      return await watched(
        within(
          insertJobs(
            sql,
            asks.map(({ job }) => job),
          ),
          statementBoundMs,
        ),
      );
    } catch (error) {
      // Where it is away, it is not known whether they are stored.
      if (isDatabaseAway(error)) throw error;
      return inTurn(asks);
    }
  };
  const giveUp = () =>
    held?.error ?? new DatabaseAway("too many jobs wait for the database, or one has waited for too long");
  const line = { lanes, patienceMs, mostWaiting, giveUp };
  const small = createGatherer<Ask, Stored>({ ...line, most: mostAtOnce, perform: insertTogether });
  const large = createGatherer<Ask, Stored>({ ...line, most: 1, perform: inTurn });
  return {
    insertSmall: (job) => small({ job, since: performance.now() }),
    insertLarge: (job) => large({ job, since: performance.now() }),
  };
}

/** One after the other, as they would wait for each other. Whose turn comes too late was told that the database is away. */
async function insertInTurn(
  insertOne: (ask: Ask) => Promise<Stored>,
  asks: readonly Ask[],
): Promise<readonly Promise<Stored>[]> {
  const until = performance.now() + statementBoundMs;
  const outcomes: Promise<Stored>[] = [];
  for (const ask of asks) {
    const outcome =
      performance.now() < until
        ? insertOne(ask)
        : Promise.reject(new DatabaseAway("the jobs before it have waited for too long"));
    outcomes.push(outcome);
    await Promise.allSettled([outcome]);
  }
  return outcomes;
}
