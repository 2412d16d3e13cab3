// First: see there.
import { type RawHttp, type RawHttpChanges, startRawHttp } from "../../support/raw-http.ts";
import type { WorkerReport } from "@longshore/shared/db/worker-report";
import { recordWorker } from "@longshore/shared/db/worker-reports";
import { createLogger } from "@longshore/shared/runtime/logger";
import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { finishJob, printLines, startJob, storeJob } from "../../support/job-states.ts";
import { type Operations, readOperations } from "./operations.ts";

/** The API with what a fuzzing test asks of it. */
export interface FuzzedService {
  readonly http: RawHttp;
  readonly operations: Operations;
  /** Of one Job in each state, the one that has ended last. */
  readonly jobs: readonly [queued: string, running: string, ended: string];
  /** What the service took for a fault of its own, as it logged it. */
  readonly faults: readonly string[];
  /** Says again that there is a worker: one that is silent for a while is missing, and /ready then rightly 503. */
  beWell(): Promise<void>;
}

const worker = { id: randomUUID(), name: "w", version: "1" };
const well = { state: "ok" as const, reason: null };
const report: WorkerReport = {
  ...{ engine: well, models: well, queue: well },
  ...{ running: 0, concurrency: 2, metrics: [] },
};

/** Starts it on a free port, over a database of its own. */
export async function startFuzzedService(bounds: RawHttpChanges["bounds"] = {}): Promise<FuzzedService> {
  const faults: string[] = [];
  const lines = new Writable({
    write: (line: Buffer, _, done) => {
      faults.push(line.toString());
      done();
    },
  });
  const http = await startRawHttp({ bounds, parts: { logger: createLogger("api", "error", lines) } });
  const { sql } = http.api.database;
  const [queued, running, ended] = [await storeJob(sql), await storeJob(sql), await storeJob(sql)];
  await printLines(sql, await startJob(sql, running), ["one", "two"]);
  await finishJob(sql, await startJob(sql, ended), "failed", null);
  return {
    ...{ http, faults },
    jobs: [queued, running, ended],
    operations: readOperations(await (await http.api.app.request("/openapi.json")).json()),
    beWell: () => recordWorker(sql, worker, report),
  };
}

/** How often each status came, in words. */
export function countStatuses(statuses: ReadonlyMap<number, number>): string {
  return [...statuses]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${String(status)}: ${String(count)}`)
    .join(", ");
}
