import type { Sql } from "@longshore/shared/db/connect-database";
import { listen } from "@longshore/shared/db/listen";
import { eventsChannel } from "@longshore/shared/db/notify-events";
import type { EventSignals } from "./event-signals.ts";

/** Passes the database's notifications on to the readers of this process. */
export function listenForEvents(sql: Sql, signals: EventSignals): Promise<() => Promise<void>> {
  return listen(sql, eventsChannel, { onPayload: signals.tell, onGap: signals.tellAll });
}
