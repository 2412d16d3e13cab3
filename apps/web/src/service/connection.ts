import { queryClient } from "./query-client.ts";

/** `back`: it was away, and what is shown has been asked anew. */
export type Connection = "here" | "away" | "back";

const lookEveryMs = 1_000;
const saidForMs = 4_000;
let connection: Connection = "here";
const listeners = new Set<() => void>();

function set(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const listener of listeners) listener();
}

/** Whether the service answers, as far as is known. */
export function readConnection(): Connection {
  return connection;
}

/** Calls the listener whenever that changes; gives what ends it. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** To be told of every answer. */
export function noteAnswer(): void {
  if (connection !== "away") return;
  set("back");
  setTimeout(() => {
    if (connection === "back") set("here");
  }, saidForMs);
  void queryClient.invalidateQueries();
}

/** To be told when there is no answer. From then on the service is looked for until there is one. */
export function noteSilence(): void {
  if (connection === "away") return;
  set("away");
  setTimeout(look, lookEveryMs);
}

function look(): void {
  if (connection !== "away") return;
  fetch("/health", { signal: AbortSignal.timeout(5_000) }).then(noteAnswer, () =>
    setTimeout(look, lookEveryMs),
  );
}
