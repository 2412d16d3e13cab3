import { watch } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Transition } from "../checker/observe-database.ts";
import type { EngineCall } from "../world/engine-proxy.ts";
import type { WorkerPlace } from "../world/service-place.ts";
import type { Fault, FaultContext } from "./fault.ts";

const waitMs = 8_000;
const point = { row: 2, resource: "worker", recovery: "replaced", lengthMs: [0, 0] } as const;

/**
 * Kills of a worker at a named point of its work. A point shows from outside: by a call that its proxy sees before the
 * engine does, by a row that has changed, by a file that appears.
 */
export const faultPoints: readonly Fault[] = [
  atCall("worker-kill-before-create", "create", "before"),
  atCall("worker-kill-before-start", "start", "before"),
  atCall("worker-kill-after-start", "start", "after"),
  atCall("worker-kill-before-outputs", "outputs", "before"),
  atCall("worker-kill-before-remove", "remove", "before"),
  atTransition(
    "worker-kill-lease-taken",
    ({ fromStatus, toStatus }) => fromStatus === "queued" && toStatus === "running",
  ),
  atTransition(
    "worker-kill-end-settled",
    ({ settled, toStatus }) => settled !== null && toStatus === "running",
  ),
  atFile("worker-kill-archive-half", (name) => name.endsWith(".part")),
  atFile("worker-kill-archive-stored", (name) => name.endsWith(".zip")),
  {
    ...{ name: "api-kill-on-insert", row: 6, resource: "api", recovery: "healed", lengthMs: [0, 0] },
    inject: async (context) => {
      const inserted = await waitFor<string>(context, (found) =>
        context.database.onTransition((transition) => {
          if (transition.fromStatus === "") found(transition.jobId);
        }),
      );
      if (inserted === null) return false;
      for (const { process } of context.world.apis) process.kill();
      context.hit({ jobs: [inserted] });
      return true;
    },
  },
];

/** At the next such call of any worker. */
function atCall(name: string, call: EngineCall, when: "before" | "after"): Fault {
  return {
    ...{ name, ...point },
    inject: async (context) => {
      const hit = await waitFor<WorkerPlace>(context, (found) => {
        const undo = context.world.workers.map((worker) =>
          worker.engine.at(call, when, () => {
            if (found(worker)) kill(worker, context);
          }),
        );
        return () => undo.forEach((each) => each());
      });
      return hit !== null;
    },
  };
}

/** At the next change of a row that fits, whoever made it. */
function atTransition(name: string, fits: (transition: Transition) => boolean): Fault {
  return {
    ...{ name, ...point },
    inject: async (context) => {
      const workers = await workersByOwner(context);
      const hit = await waitFor<WorkerPlace>(context, (found) =>
        context.database.onTransition((transition) => {
          const worker = fits(transition) ? workers.get(transition.owner ?? "") : undefined;
          if (worker !== undefined && found(worker)) kill(worker, context);
        }),
      );
      return hit !== null;
    },
  };
}

/** When such a file appears in the folder of the archives. */
function atFile(name: string, fits: (name: string) => boolean): Fault {
  return {
    ...{ name, ...point },
    inject: async (context) => {
      const workers = await workersByOwner(context);
      const owners = new Map((await context.database.unfinished()).map(({ id, owner }) => [id, owner ?? ""]));
      const hit = await waitFor<WorkerPlace>(context, (found) => {
        const stopRows = context.database.onTransition(({ jobId, owner }) => owners.set(jobId, owner ?? ""));
        const watcher = watch(context.world.archiveFolder, (_, file) => {
          const jobId = /[0-9a-f-]{36}/.exec(file ?? "")?.[0] ?? "";
          const worker = workers.get(owners.get(jobId) ?? "");
          if (file !== null && fits(file) && worker !== undefined && found(worker)) kill(worker, context);
        });
        return () => {
          stopRows();
          watcher.close();
        };
      });
      return hit !== null;
    },
  };
}

function kill(worker: WorkerPlace, { hit }: FaultContext): void {
  const pid = worker.process.pid();
  worker.process.kill();
  hit({ pids: [pid] });
}

async function workersByOwner({ world, database }: FaultContext): Promise<ReadonlyMap<string, WorkerPlace>> {
  const workers = new Map<string, WorkerPlace>();
  for (const worker of world.workers)
    for (const owner of await database.ownersOf([worker.process.pid()])) workers.set(owner, worker);
  return workers;
}

/** What `listen` finds first (`found` says whether it was), null where it is not found in time; what it opened is undone. */
async function waitFor<Found>(
  { stop }: FaultContext,
  listen: (found: (value: Found) => boolean) => () => void,
): Promise<Found | null> {
  const first = Promise.withResolvers<Found>();
  let isFound = false;
  const undo = listen((value) => {
    if (isFound) return false;
    isFound = true;
    first.resolve(value);
    return true;
  });
  try {
    const bound = pause(waitMs, null, { signal: stop }).catch(() => null);
    return await Promise.race([first.promise, bound]);
  } finally {
    undo();
  }
}
