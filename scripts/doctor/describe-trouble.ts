import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { QueueAway } from "@longshore/shared/queue/queue-away";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { errorCode, systemFault } from "../terminal/system-fault.ts";

// PostgreSQL's "undefined table" and "undefined column".
const oldSchema = new Set(["42P01", "42703"]);

/** Why it was not possible to look, and what can be done about it. */
export function describeTrouble(error: unknown, doing: string): SetupFault {
  if (error instanceof QueueAway) {
    return {
      what: `${doing}: ${error.message}.`,
      advice: "Start the queue's server, or set REDIS_URL (or DATABASE_URL) to that of the service.",
    };
  }
  if (isDatabaseAway(error)) {
    return {
      what: `${doing}: the database does not answer (${error instanceof Error ? error.message : ""}).`,
      advice: "Start it, or set DATABASE_URL to that of the service, then run the command again.",
    };
  }
  if (oldSchema.has(errorCode(error) ?? "")) {
    return {
      what: `${doing}: the database is not one of this version (${error instanceof Error ? error.message : ""}).`,
      advice:
        "Start the service of this version once, which brings it up to date; or set DATABASE_URL right.",
    };
  }
  return systemFault(doing, error);
}
