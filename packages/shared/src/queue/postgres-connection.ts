import { postgresConnections, postgresSchema } from "./queue-settings.ts";

/** How BullMQ connects to Postgres; it makes its own schema. `connectBoundMs` also bounds the wait for a free connection. */
export function postgresConnection(url: string, connectBoundMs: number) {
  return {
    connectionString: url,
    schema: postgresSchema,
    migrate: true,
    max: postgresConnections,
    connectionTimeoutMillis: connectBoundMs,
    // Far more than a query of the queue takes, because the schema is made over the same connections.
    query_timeout: 15_000,
    keepAlive: true,
    application_name: "longshore-queue",
  };
}
