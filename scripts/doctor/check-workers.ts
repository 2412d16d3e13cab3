import type { Sql } from "@longshore/shared/db/connect-database";
import { listWorkers, removeSilentWorker, type WorkerRow } from "@longshore/shared/db/ledger/list-workers";
import { listRemovals } from "@longshore/shared/db/ledger/list-removals";
import { type Check, counted, lasting, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";

// A worker reports every 3 s; after 15 s the API counts it no more.
const LIVE_SECONDS = 15;
// Its row is removed after a day, by whichever worker looks first.
const FORGOTTEN_SECONDS = 25 * 3_600;
const REMOVAL_SECONDS = 15 * 60;

/** Workers that report, and the rows of those that were killed. */
export function checkWorkers({ sql }: Pick<Ledger, "sql">): Check {
  return {
    name: "workers",
    advice: "start a worker; it removes the rows of those that are gone; or --fix",
    look: async () => {
      const rows = await listWorkers(sql, suspectLimit);
      const live = rows.filter(isLive).length;
      const suspects = rows
        .filter(({ silentSeconds }) => silentSeconds > FORGOTTEN_SECONDS)
        .map(({ id, name, silentSeconds }) => ({
          id: `${name} (${id})`,
          what: `silent for ${lasting(silentSeconds)}`,
          mend: async () => {
            await removeSilentWorker(sql, id, FORGOTTEN_SECONDS);
            return `removed the row of the worker ${name}`;
          },
        }));
      return { holds: `${String(live)} live, ${String(rows.length - live)} silent`, suspects };
    },
  };
}

/** What is still to be removed of Jobs that have expired or were deleted: it gets done. */
export function checkRemovals({ sql }: Pick<Ledger, "sql">): Check {
  return {
    name: "removals",
    advice: "a worker does them; its log says why it does not get on",
    look: async () => {
      const { total, oldest } = await listRemovals(sql, suspectLimit);
      const working = (await listWorkers(sql, suspectLimit * 10)).some(isLive);
      const suspects = oldest
        .filter(({ seconds }) => working && seconds > REMOVAL_SECONDS)
        .map(({ jobId, seconds }) => ({
          id: jobId,
          what: `asked for ${lasting(seconds)} ago, and not done`,
        }));
      return { holds: `${counted(total, "job")} to be removed`, suspects };
    },
  };
}

/** Whether some live worker could take a Message at once; null where no worker lives. */
export async function haveRoom(sql: Sql): Promise<boolean | null> {
  const live = (await listWorkers(sql, suspectLimit * 10)).filter(isLive);
  if (live.length === 0) return null;
  return live.some(({ report }) => report.taking !== false && report.running < report.concurrency);
}

function isLive({ silentSeconds }: WorkerRow): boolean {
  return silentSeconds < LIVE_SECONDS;
}
