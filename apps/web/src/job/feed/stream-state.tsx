import { useSyncExternalStore } from "react";
import { onConnection, readConnection } from "../../service/connection.ts";
import type { FeedSnapshot } from "./create-job-feed.ts";

const said = {
  opening: "Fetching what happened …",
  following: "Live",
  reconnecting: "Reconnecting …",
  ended: "",
  broken: "",
} as const;

/** Whether what is shown is what is: told where it changes, and silent where there is nothing more to come. */
export function StreamState({ state }: Pick<FeedSnapshot, "state">) {
  const connection = useSyncExternalStore(onConnection, readConnection);
  const isWaiting = state === "opening" || state === "following";
  const shown = connection === "away" && isWaiting ? "reconnecting" : state;
  return (
    <span className="stream-state" data-state={shown} role="status">
      {said[shown]}
    </span>
  );
}
