import { type Message, parseMessageId } from "@longshore/shared/contracts/message";
import { type AttemptNow, readAttempts } from "@longshore/shared/db/ledger/read-attempts";
import { readDeleted } from "@longshore/shared/db/ledger/read-deleted";
import { countWaiting, listOverdue, type Overdue } from "@longshore/shared/db/ledger/list-overdue";
import { markDispatched } from "@longshore/shared/db/undelivered-jobs";
import type { OpenState } from "@longshore/shared/queue/message-queue";
import { type Check, counted, lasting, type Suspect, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { haveRoom } from "./check-workers.ts";

// The sweep offers every second what was not given to the queue, and after 30 s once more what was.
const UNDELIVERED_SECONDS = 30;
const DISPATCHED_SECONDS = 90;
// A Message that is of no use any more is thrown away by whoever takes it.
const OUTLIVED_SECONDS = 60;

/** Jobs that wait: for each that is due there is a Message in the queue, be it another's (decisions/012). */
export function checkWaiting({ sql, messages, sender }: Pick<Ledger, "sql" | "messages" | "sender">): Check {
  const offer = async ({ jobId, attempt }: Overdue): Promise<string> => {
    await sender.offer({ jobId, attempt });
    await markDispatched(sql, [{ jobId, attempt }]);
    return `offered job ${jobId}, attempt ${String(attempt)}, to the queue`;
  };
  return {
    name: "waiting jobs",
    advice: "start a worker: it offers them to the queue; or --fix",
    look: async () => {
      const { waiting } = await messages.counts();
      const { due, later, undelivered } = await countWaiting(sql);
      const overdue = await listOverdue(sql, {
        undeliveredSeconds: UNDELIVERED_SECONDS,
        dispatchedSeconds: DISPATCHED_SECONDS,
        limit: suspectLimit,
      });
      const suspects: Suspect[] = [];
      for (const job of overdue) {
        if (waiting >= due || (await messages.isThere(job))) continue;
        const state = job.dispatched ? "the queue has lost it, given to it" : "not given to the queue, due";
        suspects.push({
          id: `${job.jobId} attempt ${String(job.attempt)}`,
          what: `${state} ${lasting(job.seconds)} ago`,
          mend: () => offer(job),
        });
      }
      const holds = `${String(due)} due (${String(undelivered)} not yet in the queue), ${String(later)} later`;
      return { holds, suspects };
    },
  };
}

/** Messages in the queue: each that waits is of an Attempt that is due, or runs because another's Message has brought it. */
export function checkMessages({ sql, messages }: Pick<Ledger, "sql" | "messages">): Check {
  const remove = async (id: string): Promise<string> =>
    (await messages.remove(id))
      ? `removed the message ${id}`
      : `the message ${id} is gone, or being delivered: it was left alone`;
  return {
    name: "messages",
    advice: "a worker that takes them throws them away: start one, where none is live; or --fix",
    look: async () => {
      const { waiting, delayed, active } = await messages.counts();
      const roomy = await haveRoom(sql);
      const suspects: Suspect[] = [];
      let ofDeleted = 0;
      for await (const { state, ids } of messages.pages()) {
        const named = ids.map((id) => ({ id, message: parseMessageId(id) }));
        const jobIds = named.flatMap(({ message }) => (message === null ? [] : [message.jobId]));
        const attempts = await readAttempts(sql, jobIds);
        const unknown = jobIds.filter((id) => !attempts.has(id));
        const deleted = await readDeleted(sql, roomy === true ? [] : unknown);
        ofDeleted += deleted.size;
        for (const { id, message } of named) {
          const what =
            message === null
              ? "no message of this service"
              : judge(message, attempts.get(message.jobId) ?? null, {
                  ...{ state, roomy, deleted: deleted.has(message.jobId) },
                });
          if (what !== null) suspects.push({ id, what, mend: () => remove(id) });
        }
        if (suspects.length >= suspectLimit) break;
      }
      const counts = `${counted(waiting, "message")} waiting, ${String(delayed)} delayed, ${String(active)} being delivered`;
      const holds =
        ofDeleted === 0
          ? counts
          : `${counts}; ${String(ofDeleted)} of deleted jobs, for a worker to throw away`;
      return { holds, suspects: suspects.slice(0, suspectLimit) };
    },
  };
}

interface Situation {
  readonly state: OpenState;
  /** Whether some worker should have taken it; null where none lives. */
  readonly roomy: boolean | null;
  /** The Job is known to have been deleted, and there is no worker with room for its Message. */
  readonly deleted: boolean;
}

/** Null where nothing is wrong. `now`: the Job of the Message, or null where there is none. */
function judge(
  { attempt }: Message,
  now: AttemptNow | null,
  { state, roomy, deleted }: Situation,
): string | null {
  // It may have brought another Attempt to run, while its own was run by another Message, and is long over.
  if (state === "active") return null;
  // A Job can be cancelled and deleted before its Message is taken: behind a full queue, or while no worker lives. A Job
  // that nobody is known to have deleted is another's: the queue is not the one that belongs to this database.
  if (now === null) return roomy === false || deleted ? null : "there is no such job";
  const isOutlived = now.attempt > attempt || !["queued", "running"].includes(now.status);
  if (!isOutlived || state !== "wait" || roomy !== true || now.quietSeconds < OUTLIVED_SECONDS) return null;
  return `its attempt is over since ${lasting(now.quietSeconds)}, and no worker throws it away`;
}
