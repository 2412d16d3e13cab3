import "./connection-bar.css";
import { useSyncExternalStore } from "react";
import { type Connection, onConnection, readConnection } from "./connection.ts";

const said: Readonly<Record<Connection, string>> = {
  here: "",
  away: "The service does not answer. What is shown may be old; it goes on by itself when the service is back.",
  back: "The service is back.",
};

/** Says when the service does not answer, and when it does again. */
export function ConnectionBar() {
  const connection = useSyncExternalStore(onConnection, readConnection);
  return (
    <div role="status" className={`connection-bar connection-bar-${connection}`}>
      {said[connection]}
    </div>
  );
}
