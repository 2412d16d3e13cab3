import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { describeDatabaseFault, isConnectionLost } from "@longshore/shared/db/describe-database-fault";
import { QueueAway } from "@longshore/shared/queue/queue-away";
import type { ComponentStates } from "@longshore/shared/runtime/component-states";
import { isEngineAway } from "./sandbox/docker/engine-away.ts";

/**
 * Says whether an error is only one more sign of a component that is away, or was so since what failed began (ms of
 * performance.now()). That is logged once for the component, not for everybody who meets it; who meets it first reports it.
 */
export type KnownTrouble = (error: unknown, began: number) => boolean;

export function createKnownTrouble(states: ComponentStates): KnownTrouble {
  return (error, began) => {
    if (isConnectionLost(error) && isDatabaseAway(error)) {
      states.report("database", { state: "away", reason: describeDatabaseFault(error) }, began);
    }
    if (isEngineAway(error)) {
      states.report("engine", { state: "away", reason: "the container engine cannot be reached" }, began);
    }
    // The queue's own state is logged where its connections are watched.
    return (
      error instanceof QueueAway ||
      (isDatabaseAway(error) && states.wasAwaySince("database", began)) ||
      (isEngineAway(error) && states.wasAwaySince("engine", began))
    );
  };
}
