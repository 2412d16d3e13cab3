import { toJson } from "./to-json.ts";
import type { Sql } from "./connect-database.ts";
import type { WorkerReport } from "./worker-report.ts";
import { within } from "./within.ts";

export interface WorkerIdentity {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Stores what a worker says of itself. */
export async function recordWorker(sql: Sql, worker: WorkerIdentity, report: WorkerReport): Promise<void> {
  await within(sql`
    INSERT INTO workers (id, name, version, report)
    VALUES (${worker.id}::uuid, ${worker.name}, ${worker.version}, ${sql.json(toJson(report))}::jsonb)
    ON CONFLICT (id) DO UPDATE SET seen_at = longshore_now(), report = excluded.report`);
}

/** Removes a worker that stops. */
export async function removeWorker(sql: Sql, id: string): Promise<void> {
  await within(sql`DELETE FROM workers WHERE id = ${id}::uuid`);
}

/** Removes the rows of workers that have said nothing for a day. */
export async function removeSilentWorkers(sql: Sql): Promise<void> {
  await within(sql`DELETE FROM workers WHERE seen_at < longshore_now() - interval '1 day'`);
}

/** The workers heard of within `silenceSeconds`. */
export async function listLiveWorkers(
  sql: Sql,
  silenceSeconds: number,
): Promise<readonly (WorkerIdentity & { readonly report: WorkerReport; readonly seenAt: Date })[]> {
  return within(sql<(WorkerIdentity & { report: WorkerReport; seenAt: Date })[]>`
    SELECT id, name, version, seen_at, report FROM workers
     WHERE seen_at > longshore_now() - make_interval(secs => ${silenceSeconds}) ORDER BY started_at`);
}
