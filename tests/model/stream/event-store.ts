import type { NewEvent } from "@longshore/shared/contracts/event";
import { appendEvents, type JobProgress } from "@longshore/shared/db/append-events";
import type { Sql } from "@longshore/shared/db/connect-database";
import { takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { Fence } from "@longshore/shared/db/fence";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { randomUUID } from "node:crypto";
import { storeRunningJob } from "../../support/stored-job.ts";

/** What a batch is appended with: by which right, after which Event. */
export interface Append {
  readonly epoch: number;
  readonly base: number;
  readonly events: readonly NewEvent[];
  readonly progress: JobProgress;
}

/** Where a new owner goes on. */
export interface Handover {
  readonly epoch: number;
  readonly lastSeq: number;
  readonly agentSeq: number;
}

/** The Events of one Job. */
export interface EventStore {
  apply(append: Append): Promise<Result<number, "lease_lost">>;
  /** Another worker takes over. */
  takeOver(): Promise<Handover>;
  /** The texts of the log, in the order of their numbers, which go on without a gap. */
  texts(): Promise<readonly string[]>;
}

/** Holds to the rule of the statement in append-events.ts, without a database. */
export function createStoreInMemory(): EventStore {
  const rows: string[] = [];
  let [epoch, agentSeq] = [0, 0];
  return {
    apply: ({ epoch: by, base, events, progress }) => {
      if (by !== epoch) return Promise.resolve(fail("lease_lost"));
      const last = base + events.length;
      // What is there already, is from an earlier try.
      if (rows.length !== base)
        return Promise.resolve(rows.length === last ? succeed(last) : fail("lease_lost"));
      for (const event of events) rows.push("text" in event ? event.text : event.type);
      agentSeq = Math.max(agentSeq, progress.agentSeq ?? 0);
      return Promise.resolve(succeed(last));
    },
    takeOver: () => {
      epoch += 1;
      return Promise.resolve({ epoch, lastSeq: rows.length, agentSeq });
    },
    texts: () => Promise.resolve(rows),
  };
}

/** A running Job in `sql`; no other Job of that database may be running. */
export async function createStoreInPostgres(sql: Sql): Promise<EventStore> {
  const first = await storeRunningJob(sql);
  const fences: Fence[] = [{ ...first, epoch: 0 }];
  const options = { leaseSeconds: 60, limit: 5, except: [], engineId: null, otherEngineAfterSeconds: 0 };
  return {
    apply: ({ epoch, base, events, progress }) => {
      const fence = fences[epoch];
      if (fence === undefined) throw new Error("nobody has that right");
      return appendEvents(sql, fence, base, events, progress);
    },
    takeOver: async () => {
      await sql`UPDATE jobs SET lease_until = longshore_now() - interval '1 second' WHERE id = ${first.jobId}`;
      const owner = randomUUID();
      // A row that a statement under way has locked is passed over; the sweep comes again.
      let row: JobRow | undefined;
      for (let tries = 0; row === undefined; tries += 1) {
        if (tries > 1_000) throw new Error("the lease was not taken over");
        [row] = await takeExpiredLeases(sql, owner, options);
      }
      fences[row.leaseEpoch] = { ...first, owner, epoch: row.leaseEpoch };
      return { epoch: row.leaseEpoch, lastSeq: row.lastSeq, agentSeq: row.agentSeq };
    },
    texts: async () => {
      const rows = await sql<{ seq: number; text: string | null; type: string }[]>`
        SELECT seq, type, text FROM job_events WHERE job_id = ${first.jobId} ORDER BY seq`;
      rows.forEach(({ seq }, index) => {
        if (seq !== index + 1) throw new Error(`event ${String(seq)} is at place ${String(index + 1)}`);
      });
      return rows.flatMap(({ type, text }) => (type === "log" ? [text ?? ""] : []));
    },
  };
}
