import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { knownTypes } from "./array-types.ts";
import { mendResults } from "./mend-results.ts";
import { createSocketOpener } from "./open-socket.ts";
import * as schema from "./schema.ts";

export type Sql = postgres.Sql<{ bigint: number }>;
export type Orm = PostgresJsDatabase<typeof schema>;

export interface Database {
  /** For statements written by hand. */
  readonly sql: Sql;
  /** For typed reading. Its own client: drizzle changes how the client that it is given reads and writes dates. */
  readonly orm: Orm;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most, both clients together (at least 2). */
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Moves `longshore_now()` for these connections, e.g. "30 seconds": a test's way to let time pass. */
  readonly clockShift?: string;
}

const connectTimeoutSeconds = 5;
// Statements that take longer have met a lock or a sick server; the caller is told and may come again.
const statementTimeoutMs = 10_000;

/** Connects lazily: a database that is away shows itself at the first statement, not here. */
export function connectDatabase(options: DatabaseOptions): Database {
  const open = (max: number): Sql =>
    postgres(options.url, {
      max,
      connect_timeout: connectTimeoutSeconds,
      // An option that its types leave out.
      ...{ socket: createSocketOpener() },
      idle_timeout: 60,
      // Its own default grows to 20 s: so long a database that is back would still be called away.
      backoff: (retries) => Math.min(0.05 * 2 ** retries, 1),
      onnotice: () => undefined,
      transform: { column: { from: postgres.toCamel } },
      // Counts and sequence numbers stay far below 2^53.
      ...knownTypes({ bigint: { to: 20, from: [20], parse: Number, serialize: String } }),
      connection: {
        application_name: options.applicationName,
        statement_timeout: statementTimeoutMs,
        TimeZone: "UTC",
        // A statement is planned once for a connection. By itself the server would plan some of them at each call, which
        // takes longer than running them: it plans for a LIMIT of unknown size as for a large one, and thinks that dear.
        plan_cache_mode: "force_generic_plan",
        // Such a plan is kept until the server has counted its tables anew: what was planned while one was nearly empty would
        // look at all of it when it is large, as with a few rows that is the cheapest. Servers before PostgreSQL 18 take
        // what they do all the same for so dear that they would compile it.
        enable_seqscan: "off",
        jit: "off",
        ...(options.clockShift === undefined ? {} : { "longshore.clock_shift": options.clockShift }),
      },
    });
  const forOrm = Math.max(1, Math.floor(options.maxConnections / 3));
  const sql = open(Math.max(1, options.maxConnections - forOrm));
  const ormClient = open(forOrm);
  mendResults(sql);
  const orm = drizzle(ormClient, { schema });
  preparing.set(orm, drizzle(withPreparing(ormClient), { schema }));
  return {
    sql,
    orm,
    close: async () => {
      await Promise.allSettled([sql.end({ timeout: 5 }), ormClient.end({ timeout: 5 })]);
    },
  };
}

const preparing = new WeakMap<Orm, Orm>();

/**
 * The same, but each statement is parsed and planned once for a connection, and sent in one round trip, where drizzle alone
 * takes two and has it planned anew. For what is asked again and again in the same words: each other text would be kept, too.
 */
export function prepared(orm: Orm): Orm {
  return preparing.get(orm) ?? orm;
}

function withPreparing(client: Sql): Sql {
  const unsafe: Sql["unsafe"] = (text, values, options) =>
    client.unsafe(text, values, { ...options, prepare: true });
  return new Proxy(client, {
    get: (target, key): unknown => (key === "unsafe" ? unsafe : Reflect.get(target, key)),
  });
}
