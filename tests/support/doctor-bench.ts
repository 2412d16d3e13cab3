import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import { recordWorker } from "@longshore/shared/db/worker-reports";
import { createMessageSender } from "@longshore/shared/queue/create-message-sender";
import { createLogger } from "@longshore/shared/runtime/logger";
import Dockerode from "dockerode";
import { vi } from "vitest";
import { createRedisServer } from "./redis-server.ts";
import { type DoctorEnd, runDoctor } from "./run-doctor.ts";
import { endStoredJob, someArchive, storeRunningJob } from "./stored-job.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

/** What a service holds, without the service: its database, queue, archives and containers, to put wrong things into. */
export interface DoctorBench extends AsyncDisposable {
  readonly sql: TestDatabase["sql"];
  readonly folder: string;
  /** Runs `npm run doctor` on it. */
  doctor(...options: readonly string[]): Promise<DoctorEnd>;
  /** Gives the queue the Message of a first Attempt. */
  offer(jobId: string): Promise<void>;
  /** Starts a container of this installation, in which nothing happens; `worker` is who its label says has started it. */
  startContainer(name: string, worker?: string): Promise<void>;
  containers(): Promise<readonly string[]>;
  /** Writes a file into the folder of the archives that nobody has touched for an hour. */
  leave(name: string, content: string): Promise<void>;
  /** A Job that succeeded, and whose row names this archive. */
  endWithArchive(key: string, bytes: number): Promise<string>;
  /** The row of a worker with nothing to do, that last reported so many seconds ago. */
  reportWorker(id: string, name: string, secondsAgo: number): Promise<void>;
}

/** A bench of a test's own. */
export async function createDoctorBench(backend: "redis" | "postgres" = "postgres"): Promise<DoctorBench> {
  const docker = new Dockerode();
  const database = await createTestDatabase();
  const { sql } = database;
  const redis = backend === "redis" ? await createRedisServer() : null;
  await redis?.start();
  const data = await mkdtemp(join(tmpdir(), "longshore-doctor-"));
  const folder = join(data, "archives");
  await mkdir(folder);
  const url = redis?.url ?? database.url;
  const sender = createMessageSender({
    backend: { type: backend, url },
    logger: createLogger("test", "silent"),
  });
  // Not by expect.poll, which knows its test by what runs last: these tests run beside each other.
  await vi.waitFor(() => sender.ping(), { timeout: 20_000 });
  const installation = await readInstallationId(sql);
  const label = { "longshore.installation": installation };
  const listed = () =>
    docker.listContainers({ all: true, filters: { label: [`longshore.installation=${installation}`] } });
  const settings = {
    DATABASE_URL: database.url,
    DATA_DIR: data,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  };
  return {
    ...{ sql, folder },
    doctor: (...options) => runDoctor(settings, ...options),
    offer: (jobId) => sender.offer({ jobId, attempt: 1 }),
    startContainer: async (name, worker) => {
      const Image = process.env["AGENT_IMAGE"] ?? "longshore-agent:dev";
      const quiet = { Image, Entrypoint: ["sleep", "600"], HostConfig: { NetworkMode: "none" } };
      const Labels = worker === undefined ? label : { ...label, "longshore.worker": worker };
      const container = await docker.createContainer({ name, ...quiet, Labels });
      await container.start();
    },
    containers: async () => (await listed()).flatMap(({ Names }) => Names),
    leave: async (name, content) => {
      await writeFile(join(folder, name), content);
      const then = new Date(Date.now() - 3_600_000);
      await utimes(join(folder, name), then, then);
    },
    endWithArchive: async (key, bytes) => {
      const fence = await storeRunningJob(sql);
      await endStoredJob(sql, fence, "succeeded", { ...someArchive, key, bytes });
      return fence.jobId;
    },
    reportWorker: async (id, name, secondsAgo) => {
      const ok = { state: "ok", reason: null } as const;
      const report = { engine: ok, models: ok, queue: ok, running: 0, concurrency: 4, metrics: [] };
      await recordWorker(sql, { id, name, version: "1" }, report);
      await sql`UPDATE workers SET seen_at = seen_at - make_interval(secs => ${secondsAgo}) WHERE id = ${id}`;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { Id } of await listed()) await docker.getContainer(Id).remove({ force: true });
      await sender.close();
      await redis?.remove();
      await database.remove();
      await rm(data, { recursive: true });
    },
  };
}
