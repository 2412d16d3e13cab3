import { randomUUID } from "node:crypto";
import postgres from "postgres";

/** An empty database of one service or one peer. */
export interface BenchDatabase {
  readonly url: string;
  /** Cuts its connections and removes it. */
  drop(): Promise<void>;
}

/** Makes one on the server of this address. */
export async function createDatabase(serverUrl: string): Promise<BenchDatabase> {
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  const run = async (statement: string) => {
    const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
    await sql.unsafe(statement).finally(() => sql.end({ timeout: 5 }));
  };
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}
