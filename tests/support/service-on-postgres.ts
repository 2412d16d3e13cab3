import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chosenSandboxes } from "./chosen-sandboxes.ts";
import { createJobClient, type JobClient } from "./job-client.ts";
import type { PostgresServer } from "./postgres-server.ts";
import { type ServiceProcess, startService } from "./service-process.ts";

/** API and worker, as processes of their own, over a PostgreSQL that a test makes unwell. */
export interface ServiceOnPostgres {
  readonly client: JobClient;
  readonly api: ServiceProcess;
  readonly worker: ServiceProcess;
  /** Schedules a Job of one Step, and resolves with the answer, whatever it is. */
  post(command: string): Promise<Response>;
  /** Schedules one and resolves with its id once it has printed `started`. */
  running(rest: string): Promise<string>;
  /** What /ready says of the database, and its status. */
  readiness(): Promise<{ http: number; state: string; reason: string | null }>;
  /** States of the database that a part has logged, in order. */
  told(part: ServiceProcess): readonly string[];
  stop(): Promise<void>;
}

/** Starts it and waits until it takes Jobs. `env` are further settings of both. */
export async function startServiceOn(
  server: PostgresServer,
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceOnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-service-"));
  const settings = {
    ...{ DATABASE_URL: server.url, DATA_DIR: folder, PORT: "0", ...chosenSandboxes },
    ...env,
  };
  const api = startService("api", settings);
  const { port } = await api.logged(({ msg }) => msg === "listening");
  const worker = startService("worker", { ...settings, STOP_MODE: "requeue" });
  await worker.logged(({ msg }) => msg === "the worker takes jobs");
  const client = createJobClient(`http://127.0.0.1:${String(port)}`);
  const post = (command: string) =>
    client.request("/schedule", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ steps: [{ kind: "shell", command }] }),
    });
  return {
    ...{ client, api, worker, post },
    running: async (rest) => {
      const id = await client.schedule({ steps: [{ kind: "shell", command: `echo started; ${rest}` }] });
      for await (const { event } of client.events(id)) if (event === "log") return id;
      throw new Error("the job printed nothing");
    },
    readiness: async () => {
      const response = await client.request("/ready");
      // safety: the contract's own tests hold /ready against its schema.
      const { components } = (await response.json()) as {
        components: { database: { state: string; reason: string | null } };
      };
      return { http: response.status, ...components.database };
    },
    told: ({ log }) =>
      log.flatMap(({ component, state }) => (component === "database" ? [String(state)] : [])),
    stop: async () => {
      await Promise.all([api.end("SIGTERM"), worker.end("SIGTERM")]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
