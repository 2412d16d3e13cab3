import { deleteStrayEvents, listEventOwners } from "@longshore/shared/db/ledger/stray-events";
import {
  type CountedJob,
  countStretches,
  listBeyondLast,
  listCounted,
  listUntoldEnds,
  type Stretch,
} from "@longshore/shared/db/ledger/check-sequences";
import type { Sql } from "@longshore/shared/db/connect-database";
import { isTerminal } from "@longshore/shared/domain/job-state";
import { type Check, counted, pageSize, type Suspect, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";

// So many Events one statement counts well within its time.
const EVENTS_PER_COUNT = 200_000;
// Without --deep only the newest Jobs are counted.
const RECENT_JOBS = 1_000;

/** Events by the Jobs that they are of: each has a row, or is about to be removed. */
export function checkEventOwners({ sql }: Pick<Ledger, "sql">): Check {
  return {
    name: "events",
    advice: "--fix removes them",
    look: async () => {
      let jobs = 0;
      const suspects: Suspect[] = [];
      for (let after: string | null = ""; after !== null;) {
        const page = await listEventOwners(sql, after, pageSize);
        jobs += page.jobs;
        for (const jobId of page.strays.slice(0, suspectLimit - suspects.length))
          suspects.push({
            id: jobId,
            what: "there is no such job",
            mend: async () =>
              `removed ${counted(await deleteStrayEvents(sql, jobId), "event")} of job ${jobId}`,
          });
        after = page.last;
      }
      return { holds: `of ${counted(jobs, "job")}`, suspects };
    },
  };
}

/** Histories: numbered 1 to n without a gap, with one end, which is the last and says what the row says. */
export function checkHistories({ sql, deep }: Pick<Ledger, "sql" | "deep">): Check {
  return {
    name: "histories",
    advice: "cannot be mended: events are never made up; keep a copy of the database and report it",
    look: async () => {
      let jobs = 0;
      let events = 0;
      const suspects: Suspect[] = [];
      for (let before = ""; ;) {
        const page = await listCounted(sql, before, pageSize);
        jobs += page.length;
        events += page.reduce((sum, { lastSeq }) => sum + lastSeq, 0);
        if (suspects.length < suspectLimit) suspects.push(...(await findFaults(sql, page)));
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize || (!deep && jobs >= RECENT_JOBS)) break;
        before = last.jobId;
      }
      const scope = deep ? "all" : "the newest";
      return {
        holds: `${counted(events, "event")} of ${scope} ${counted(jobs, "job")}`,
        suspects: suspects.slice(0, suspectLimit),
      };
    },
  };
}

async function findFaults(sql: Sql, jobs: readonly CountedJob[]): Promise<readonly Suspect[]> {
  const ids = jobs.map(({ jobId }) => jobId);
  const there = new Map<string, { events: number; ends: number }>();
  for (const stretches of toCounts(jobs)) {
    for (const { jobId, events, ends } of await countStretches(sql, stretches)) {
      const sum = there.get(jobId) ?? { events: 0, ends: 0 };
      there.set(jobId, { events: sum.events + events, ends: sum.ends + ends });
    }
  }
  const beyond = new Set(await listBeyondLast(sql, ids));
  const untold = new Set(await listUntoldEnds(sql, ids));
  return jobs.flatMap(({ jobId, status, lastSeq }) => {
    const { events, ends } = there.get(jobId) ?? { events: 0, ends: 0 };
    const faults = [
      ...(events === lastSeq
        ? []
        : [`${String(lastSeq - events)} of its ${String(lastSeq)} events are missing`]),
      ...(beyond.has(jobId) ? [`it has events after number ${String(lastSeq)}, its last`] : []),
      ...(ends > (isTerminal(status) ? 1 : 0)
        ? [`it is ${status}, and its events tell of ${counted(ends, "end")}`]
        : []),
      ...(untold.has(jobId) ? [`it is ${status}, and its last events do not say so`] : []),
    ];
    return faults.length === 0 ? [] : [{ id: jobId, what: faults.join("; ") }];
  });
}

/** The Jobs' numbers, cut and put together so that each list is of at most so many Events as one statement counts. */
function* toCounts(jobs: readonly CountedJob[]): Generator<readonly Stretch[]> {
  let stretches: Stretch[] = [];
  let room = EVENTS_PER_COUNT;
  for (const { jobId, lastSeq } of jobs) {
    for (let after = 0; after < lastSeq;) {
      const upTo = Math.min(lastSeq, after + room);
      stretches.push({ jobId, after, upTo });
      room -= upTo - after;
      after = upTo;
      if (room > 0) continue;
      yield stretches;
      stretches = [];
      room = EVENTS_PER_COUNT;
    }
  }
  if (stretches.length > 0) yield stretches;
}
