import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../../scripts/embedded-postgres/start-embedded-postgres.ts";

/** The PostgreSQL that `npm start` brings, in a folder of the bench's own. */
export interface BenchPostgres extends AsyncDisposable {
  readonly url: string;
}

/** Starts one whose commits are on the disk when they are answered, as the service's are. */
export async function openPostgres(): Promise<BenchPostgres> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "longshore-bench-postgres-"));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const started = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  if (!started.ok) throw new Error(`${started.failure.what} ${started.failure.advice}`);
  opened.defer(async () => void (await started.value.stop()));
  const kept = opened.move();
  return { url: started.value.url, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
