import type { PostgresBinaries } from "./postgres-binaries.ts";
import type { PostgresRunner } from "./postgres-runner.ts";

/** The owner and the name of the one database. */
export const USER = "longshore";
export const DATABASE = "longshore";

/** One embedded server: where its files are, and how its programs are run. */
export interface Cluster {
  /** Holds `data`, `server.log`, `port` and `password`. */
  readonly folder: string;
  /** PostgreSQL's own data directory. */
  readonly data: string;
  readonly binaries: PostgresBinaries;
  readonly runner: PostgresRunner;
  readonly durable: boolean;
}
