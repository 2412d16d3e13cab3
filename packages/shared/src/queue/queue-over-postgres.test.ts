import { createPostgresBackend, withBackend } from "bullmq";
import { afterAll, beforeAll } from "vitest";
import { createPostgresServer, type PostgresServer } from "../../../../tests/support/postgres-server.ts";
import { describeQueue } from "./queue.testsuite.ts";
import { postgresConnection } from "./postgres-connection.ts";

const { Queue } = withBackend(createPostgresBackend);
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await createPostgresServer();
});
afterAll(async () => {
  await postgres.remove();
});

describeQueue("Postgres", () => ({
  backend: { type: "postgres", url: postgres.url },
  addRaw: async (name, id, data) => {
    const queue = new Queue<unknown>(name, { connection: postgresConnection(postgres.url, 5_000) });
    await queue.add("message", data, { jobId: id });
    await queue.close();
  },
}));
