import type { JobClient } from "./job-client.ts";

/** Schedules a Job of one Step, and gives its id once the Step has printed its first line. */
export async function startPrinting(client: JobClient, command: string, more: object = {}): Promise<string> {
  const id = await client.schedule({ steps: [{ kind: "shell", command }], ...more });
  const stop = new AbortController();
  try {
    for await (const { event } of client.events(id, 0, stop.signal)) if (event === "log") return id;
  } finally {
    stop.abort();
  }
  throw new Error(`the job has ended too early: ${JSON.stringify(await client.status(id))}`);
}

/** What the service itself says in the Job's log. */
export async function systemLines(client: JobClient, id: string): Promise<readonly string[]> {
  const lines = await client.lines(id);
  return lines.filter(({ stream }) => stream === "system").map(({ text }) => text);
}
