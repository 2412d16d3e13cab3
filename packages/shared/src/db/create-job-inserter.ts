import type { Result } from "../domain/result.ts";
import { createGatherer } from "../runtime/gather.ts";
import type { Sql } from "./connect-database.ts";
import { DatabaseAway, isDatabaseAway } from "./database-away.ts";
import { type InsertedJob, insertJob, insertJobs, type NewJob, type NotInserted } from "./insert-job.ts";
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
/** In ms; the others wait no longer for one that is stored alone, which may wait for a row that is held. */
const laneBoundMs = 100;

/**
 * Gives `insertJob` for callers that come at the same time, whose Jobs are stored together (`createGatherer`): each has its
 * own outcome. Should the statement fail by one of them, or meet a row that is held, each is stored by itself. Throws
 * {@link DatabaseAway} at once where too many wait.
 */
export function createJobInserter(sql: Sql): InsertJob {
  const gather = createGatherer<NewJob, Result<InsertedJob, NotInserted>>({
    ...{ most: mostAtOnce, lanes, patienceMs, mostWaiting },
    giveUp: () => new DatabaseAway("too many jobs wait for the database, or one has waited for too long"),
    perform: async (jobs) => {
      const [only, ...more] = jobs;
      if (only !== undefined && more.length === 0) {
        const outcome = insertJob(sql, only);
        await within(outcome, laneBoundMs).catch(() => undefined);
        return [outcome];
      }
      try {
        // No longer than an answer waits: a lane that a lost connection holds would keep others waiting.
        return await within(insertJobs(sql, jobs), statementBoundMs);
      } catch (error) {
        // Where it is away, it is not known whether they are stored.
        if (isDatabaseAway(error)) throw error;
        return jobs.map((job) => insertJob(sql, job));
      }
    },
  });
  return (job) => (isSmall(job) ? gather(job) : insertJob(sql, job));
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
