import { deleteJob } from "../load/delete-job.ts";
import type { PlayedJob } from "../load/play-client.ts";
import { checkDeleted } from "./check-deleted.ts";
import type { CheckDeps } from "./check-job.ts";
import { untilAnswered } from "./until-answered.ts";

export interface DeletingDeps extends Omit<CheckDeps, "engine"> {
  readonly giveUp: AbortSignal;
}

/** A client that deletes some of the Jobs that have ended and were looked at, and what it has deleted. */
export interface Deleting {
  readonly deleted: ReadonlySet<string>;
  perhapsDelete(played: PlayedJob): Promise<void>;
}

const share = 0.25;

export function createDeleting(deps: DeletingDeps): Deleting {
  const deleted = new Set<string>();
  return {
    deleted,
    perhapsDelete: async (played) => {
      const { id, end } = played;
      if (end === null || !deps.random.chance(share)) return;
      const events = await untilAnswered(() => deps.database.events(id));
      deps.timeline.note("is being deleted", { jobId: id });
      const deletion = await deleteJob(id, deps);
      if (deletion.status !== null) deleted.add(id);
      await checkDeleted(played, deletion, events, deps);
    },
  };
}
