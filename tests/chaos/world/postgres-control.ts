import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PostgresServer } from "../../support/postgres-server.ts";
import postgres from "postgres";

/** What can be done to the processes of a PostgreSQL. */
export interface PostgresControl {
  /** kill -9 to all of them; resolves when the server runs again, after `downMs`. */
  killFor(downMs: number): Promise<void>;
  /** Freezes all of them; gives what lets them go on. */
  freeze(): Promise<() => void>;
}

export async function createPostgresControl(server: PostgresServer): Promise<PostgresControl> {
  const sql = postgres(server.url, { max: 1, fetch_types: false });
  const [row] = await sql<{ folder: string }[]>`SELECT current_setting('data_directory') AS folder`;
  await sql.end();
  const pids = async (): Promise<readonly number[]> => {
    const file = await readFile(join(row?.folder ?? "", "postmaster.pid"), "utf8");
    const postmaster = Number.parseInt(file, 10);
    const children = await readFile(
      `/proc/${String(postmaster)}/task/${String(postmaster)}/children`,
      "utf8",
    );
    return [postmaster, ...children.trim().split(" ").filter(Boolean).map(Number)];
  };
  const send = (signal: NodeJS.Signals, to: readonly number[]) => {
    for (const pid of to) {
      try {
        process.kill(pid, signal);
      } catch {
        // A backend that has just ended.
      }
    }
  };
  return {
    killFor: async (downMs) => {
      send("SIGKILL", await pids());
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await server.start();
    },
    freeze: async () => {
      const frozen = await pids();
      send("SIGSTOP", frozen);
      return () => send("SIGCONT", frozen);
    },
  };
}
