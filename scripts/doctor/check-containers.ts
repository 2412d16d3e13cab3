import { type AttemptNow, readAttempts } from "@longshore/shared/db/ledger/read-attempts";
import { listLiveWorkers } from "@longshore/shared/db/worker-reports";
import { type Check, counted, lasting, type Suspect, suspectLimit } from "./check.ts";
import type { ContainerRecord } from "./engine-view.ts";
import type { Ledger } from "./ledger.ts";

// Older than any that a worker still keeps warm (10 min), with a minute for its removal; as remove-orphans.ts has it.
const WARM_SECONDS = 11 * 60;
// Other workers remove what one that has been silent for 20 s has kept warm. One that is new has said nothing yet.
const SILENT_SECONDS = 60;
const NEW_SECONDS = 15;
// A container goes some time after its Job's last Event, and a Job's row follows some time after its container.
const SETTLING_SECONDS = 10;

/** Who may own a container now. */
interface Owners {
  readonly attempts: ReadonlyMap<string, AttemptNow>;
  /** Ids of those that were heard of lately. */
  readonly workers: ReadonlySet<string>;
}

type Kind = "present" | "warm" | "leaving" | "orphan";

/** Containers of this installation, and those of them that nobody owns. */
export function checkContainers({ sql, engine }: Pick<Ledger, "sql" | "engine">): Check {
  const ownersOf = async (containers: readonly ContainerRecord[]): Promise<Owners> => ({
    attempts: await readAttempts(
      sql,
      containers.flatMap(({ owner }) => (owner === null ? [] : [owner.jobId])),
    ),
    workers: new Set((await listLiveWorkers(sql, SILENT_SECONDS)).map(({ id }) => id)),
  });
  const remove = async (container: ContainerRecord): Promise<string> => {
    // Asked once more: what is removed here must not be the container of an Attempt that has just begun.
    if (kindOf(container, await ownersOf([container])) !== "orphan")
      return `${container.name} was left alone`;
    await engine.remove(container.ref);
    return `removed the container ${container.name}`;
  };
  return {
    name: "containers",
    advice: "a running worker removes them; or --fix",
    look: async () => {
      const containers = await engine.list();
      const owners = await ownersOf(containers);
      const kinds = containers.map((container) => ({ container, kind: kindOf(container, owners) }));
      const count = (kind: Kind) => kinds.filter((each) => each.kind === kind).length;
      const suspects = kinds.flatMap(({ container, kind }): Suspect[] =>
        kind === "orphan"
          ? [
              {
                id: container.name,
                what: `of no ${container.owner === null ? "live worker" : "running attempt"}, ${lasting(container.ageSeconds)} old`,
                mend: () => remove(container),
              },
            ]
          : [],
      );
      const holds = `${String(count("present"))} of running attempts, ${String(count("warm"))} warm`;
      return {
        holds: `${holds}, ${counted(count("orphan"), "orphan")}`,
        suspects: suspects.slice(0, suspectLimit),
      };
    },
  };
}

function kindOf({ owner, startedBy, ageSeconds }: ContainerRecord, { attempts, workers }: Owners): Kind {
  if (owner === null) {
    const isLeft = startedBy !== null && !workers.has(startedBy) && ageSeconds > NEW_SECONDS;
    return isLeft || ageSeconds > WARM_SECONDS ? "orphan" : "warm";
  }
  const now = attempts.get(owner.jobId);
  if (now?.status === "running" && now.attempt === owner.attempt) return "present";
  if (ageSeconds < SETTLING_SECONDS || (now !== undefined && now.quietSeconds < SETTLING_SECONDS))
    return "leaving";
  return "orphan";
}
