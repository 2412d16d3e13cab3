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
    onConnect: bearLoss,
  };
}

/**
 * pg (8.23, `Client`) emits `error` when a connection breaks, and its pool listens only to those that nobody has taken
 * out; BullMQ (6.7, `PostgresConnection.bootstrap`) takes one out to look at its schema, and listens not. Unheard it would
 * end the process: here it is heard, and what to do is left to the query, which fails by the same loss.
 */
function bearLoss(client: { on(event: "error", heard: () => void): unknown }): void {
  client.on("error", () => undefined);
}
