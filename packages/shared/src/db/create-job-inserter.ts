import type { Result } from "../domain/result.ts";
import { createGatherer } from "../runtime/gather.ts";
import type { Sql } from "./connect-database.ts";
import { DatabaseAway, isDatabaseAway } from "./database-away.ts";
import { type InsertedJob, insertJob, insertJobs, type NewJob, type NotInserted } from "./insert-job.ts";
import { within } from "./within.ts";

export type InsertJob = (job: NewJob) => Promise<Result<InsertedJob, NotInserted>>;

/** Jobs in one statement: with more of them it takes longer, and what it saves does not grow. */
const mostAtOnce = 50;
/** So many statements at once: while the commit of one is written, the server is at the next one. */
const lanes = 2;
/** Characters of a Job that is stored with others: it must not keep them waiting. */
const mostCharacters = 64 * 1_024;
/** In ms; as long as an answer waits for the database at most: whoever waits longer was told that it is away. */
const patienceMs = 4_000;

/**
 * Gives `insertJob` for callers that come at the same time, whose Jobs are stored together (`createGatherer`): each has its
 * own outcome. Should the statement fail by one of them, each is stored by itself.
 */
export function createJobInserter(sql: Sql): InsertJob {
  const gather = createGatherer<NewJob, Result<InsertedJob, NotInserted>>({
    ...{ most: mostAtOnce, lanes, patienceMs },
    giveUp: () => new DatabaseAway("a job was not sent to the database in time"),
    perform: async (jobs) => {
      try {
        // No longer than an answer waits: a lane that a lost connection holds would keep others waiting.
        return await within(insertJobs(sql, jobs), patienceMs);
      } catch (error) {
        // Where it is away, it is not known whether they are stored.
        if (jobs.length === 1 || isDatabaseAway(error)) throw error;
        return jobs.map((job) => insertJob(sql, job));
      }
    },
  });
  return (job) => (isSmall(job) ? gather(job) : insertJob(sql, job));
}

function isSmall({ request, secrets }: NewJob): boolean {
  // Of what is sealed its size is known at once.
  const characters = secrets?.bytes.length ?? JSON.stringify(request).length;
  return characters <= mostCharacters;
}
