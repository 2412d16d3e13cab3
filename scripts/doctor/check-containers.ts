import { type AttemptNow, readAttempts } from "@longshore/shared/db/ledger/read-attempts";
import { type Check, counted, lasting, type Suspect, suspectLimit } from "./check.ts";
import type { ContainerRecord } from "./engine-view.ts";
import type { Ledger } from "./ledger.ts";

// Older than any that a worker still keeps warm (10 min), with a minute for its removal; as remove-orphans.ts has it.
const WARM_SECONDS = 11 * 60;
// A container goes some time after its Job's last Event, and a Job's row follows some time after its container.
const SETTLING_SECONDS = 10;

type Kind = "present" | "warm" | "leaving" | "orphan";

/** Containers of this installation, and those of them that nobody owns. */
export function checkContainers({ sql, engine }: Pick<Ledger, "sql" | "engine">): Check {
  const attemptsOf = (containers: readonly ContainerRecord[]) =>
    readAttempts(
      sql,
      containers.flatMap(({ owner }) => (owner === null ? [] : [owner.jobId])),
    );
  const remove = async (container: ContainerRecord): Promise<string> => {
    // Asked once more: what is removed here must not be the container of an Attempt that has just begun.
    if (kindOf(container, await attemptsOf([container])) !== "orphan")
      return `${container.name} was left alone`;
    await engine.remove(container.ref);
    return `removed the container ${container.name}`;
  };
  return {
    name: "containers",
    advice: "a running worker removes them; or --fix",
    look: async () => {
      const containers = await engine.list();
      const attempts = await attemptsOf(containers);
      const kinds = containers.map((container) => ({ container, kind: kindOf(container, attempts) }));
      const count = (kind: Kind) => kinds.filter((each) => each.kind === kind).length;
      const suspects = kinds.flatMap(({ container, kind }): Suspect[] =>
        kind === "orphan"
          ? [
              {
                id: container.name,
                what: `of no running attempt, ${lasting(container.ageSeconds)} old`,
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

function kindOf({ owner, ageSeconds }: ContainerRecord, attempts: ReadonlyMap<string, AttemptNow>): Kind {
  if (owner === null) return ageSeconds > WARM_SECONDS ? "orphan" : "warm";
  const now = attempts.get(owner.jobId);
  if (now?.status === "running" && now.attempt === owner.attempt) return "present";
  if (ageSeconds < SETTLING_SECONDS || (now !== undefined && now.quietSeconds < SETTLING_SECONDS))
    return "leaving";
  return "orphan";
}
