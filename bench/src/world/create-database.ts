import { randomUUID } from "node:crypto";
import { administer } from "../../../tests/support/administer.ts";

/** An empty database of one service or one peer. */
export interface BenchDatabase {
  readonly url: string;
  /** Cuts its connections and removes it. */
  drop(): Promise<void>;
}

/** Makes one on the server of this address. */
export async function createDatabase(serverUrl: string): Promise<BenchDatabase> {
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}
