import { postgresConnections, postgresSchema } from "./queue-settings.ts";

/** What is used of a client of pg. */
interface QueueClient {
  on(event: "error", heard: () => void): unknown;
  query(text: string): Promise<unknown>;
}

/**
 * How BullMQ connects to Postgres; it makes its own schema. `connectBoundMs` also bounds the wait for a free connection. Its
 * commits do not wait for the disk: what a crash takes back is a Message, which is offered again as where a Redis was
 * emptied (decisions/021).
 */
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
    onConnect: (client: QueueClient) => {
      bearLoss(client);
      return client.query("SET synchronous_commit TO off");
    },
  };
}

/**
 * pg (8.23, `Client`) emits `error` when a connection breaks, and its pool listens only to those that nobody has taken
 * out; BullMQ (6.7, `PostgresConnection.bootstrap`) takes one out to look at its schema, and listens not. Unheard it would
 * end the process: here it is heard, and what to do is left to the query, which fails by the same loss.
 */
function bearLoss(client: Pick<QueueClient, "on">): void {
  client.on("error", () => undefined);
}
