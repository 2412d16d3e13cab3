import type { Result } from "../domain/result.ts";
import { createGatherer } from "../runtime/gather.ts";
import type { Sql } from "./connect-database.ts";
import { DatabaseAway, isDatabaseAway } from "./database-away.ts";
import { type InsertedJob, insertJob, insertJobs, type NewJob, type NotInserted } from "./insert-job.ts";
import { TenantRowHeld } from "./tenant-row-held.ts";
import { mostWaiting, within } from "./within.ts";

export type InsertJob = (job: NewJob) => Promise<Result<InsertedJob, NotInserted>>;

/** Jobs in one statement: with more of them it takes longer, and what it saves does not grow. */
const mostAtOnce = 50;
/** So many statements at once: while the commit of one is written, the server is at the next one. */
const lanes = 2;
/** Characters of a Job that is stored with others: it must not keep them waiting. */
const mostCharacters = 64 * 1_024;
/** In ms; as long as an answer waits for the database at most: whoever waits longer was told that it is away. */
const statementBoundMs = 4_000;
/** In ms, before the statement: what then is left is enough for that. */
const patienceMs = 2_000;
/** In ms; who comes later than this tries the row anew. */
const atOnceMs = 50;

/**
 * Gives `insertJob` for callers that come at the same time: Jobs of one tenant are stored together (`createGatherer`), each
 * with its own outcome. Tenants share no statement: what a tenant may use is counted in a row of its own, which may be held,
 * and then its Jobs alone wait. Should a statement fail by one Job, or meet such a row, they are stored one after the other.
 * Throws {@link DatabaseAway} at once where too many wait, but {@link TenantRowHeld} where they do for such a row.
 */
export function createJobInserter(sql: Sql): InsertJob {
  const lines = new Map<string, { readonly insert: InsertJob; callers: number }>();
  const lineOf = (tenant: string) => {
    const line = lines.get(tenant) ?? { insert: gatherJobs(sql), callers: 0 };
    lines.set(tenant, line);
    return line;
  };
  return async (job) => {
    if (!isSmall(job)) return insertJob(sql, job);
    const { tenant } = job.caller;
    const line = lineOf(tenant);
    line.callers += 1;
    try {
      return await line.insert(job);
    } finally {
      line.callers -= 1;
      if (line.callers === 0) lines.delete(tenant);
    }
  };
}

function gatherJobs(sql: Sql): InsertJob {
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
  const insertOne: InsertJob = (job) => watched(insertJob(sql, job));
  return createGatherer<NewJob, Result<InsertedJob, NotInserted>>({
    ...{ most: mostAtOnce, lanes, patienceMs, mostWaiting },
    giveUp: () =>
      held?.error ?? new DatabaseAway("too many jobs wait for the database, or one has waited for too long"),
    perform: async (jobs) => {
      // What stands in line just when one has waited for such a row in vain has waited with it: once more is too long.
      if (held !== null && performance.now() - held.at < atOnceMs) throw held.error;
      const [only, ...more] = jobs;
      if (only !== undefined && more.length === 0) return [await insertOne(only)];
      try {
        // No longer than an answer waits: a lane that a lost connection holds would keep others waiting.
        return await watched(within(insertJobs(sql, jobs), statementBoundMs));
      } catch (error) {
        // Where it is away, it is not known whether they are stored.
        if (isDatabaseAway(error)) throw error;
        return insertInTurn(insertOne, jobs);
      }
    },
  });
}

/**
 * One after the other, as they would wait for each other. Whose turn comes too late was told that the database is away. Where
 * one has met a row that is held, the others are told the same: by now their answers have no time to wait for it once more.
 */
async function insertInTurn(
  insertOne: InsertJob,
  jobs: readonly NewJob[],
): Promise<readonly Promise<Result<InsertedJob, NotInserted>>[]> {
  const until = performance.now() + statementBoundMs;
  const outcomes: Promise<Result<InsertedJob, NotInserted>>[] = [];
  let held: TenantRowHeld | null = null;
  for (const job of jobs) {
    const outcome: ReturnType<InsertJob> =
      held === null && performance.now() < until
        ? insertOne(job)
        : Promise.reject(held ?? new DatabaseAway("the jobs before it have waited for too long"));
    outcomes.push(outcome);
    const [settled] = await Promise.allSettled([outcome]);
    if (settled.status === "rejected" && settled.reason instanceof TenantRowHeld) held = settled.reason;
  }
  return outcomes;
}

function isSmall({ request, secrets }: NewJob): boolean {
  // Of what is sealed its size is known at once.
  if (secrets !== undefined && secrets !== null) return secrets.bytes.length <= mostCharacters;
  let characters = 0;
  for (const text of textsOf(request)) {
    characters += text.length;
    if (characters > mostCharacters) return false;
  }
  return true;
}

/** What may be long in a request; the rest is bounded by little. */
function* textsOf({ prompt = "", files, steps = [], env }: NewJob["request"]): Generator<string> {
  yield prompt;
  for (const { content } of files) yield content;
  for (const step of steps) {
    if (step.kind === "write_file") yield step.content;
    else yield step.kind === "python" ? step.code : step.command;
  }
  yield* Object.values(env);
}
