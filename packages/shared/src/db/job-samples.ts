import type { OwnJob } from "../domain/access.ts";
import type { JobLimits } from "../domain/limits.ts";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { within } from "./within.ts";

/** Most samples of one Attempt. */
export const mostSamples = 300;

/** What a Sandbox used when somebody looked. */
export interface Sample {
  readonly time: Date;
  readonly memoryBytes: number;
  /** Since the Sandbox was started. */
  readonly cpuMs: number;
}

/** Samples of an Attempt, as they lie in one row. */
interface SampleColumns {
  readonly times: readonly Date[];
  readonly memoryBytes: readonly number[];
  readonly cpuMs: readonly number[];
}

/**
 * Stores all samples of an Attempt in place of those that were there, at most {@link mostSamples}, where its fence holds.
 * What comes late puts fewer in place of more, and harms nothing.
 */
export async function storeSamples(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
  samples: readonly Sample[],
  boundMs?: number,
): Promise<void> {
  const statement = sql`
    INSERT INTO job_samples (job_id, attempt, times, memory_bytes, cpu_ms)
    SELECT id, attempt, ${samples.map(({ time }) => time.toISOString())}::timestamptz[],
           ${samples.map(({ memoryBytes }) => memoryBytes)}::bigint[], ${samples.map(({ cpuMs }) => cpuMs)}::bigint[]
      FROM jobs
     WHERE id = ${jobId}::uuid AND status = 'running' AND attempt = ${attempt} AND lease_owner = ${owner}::uuid
       AND lease_epoch = ${epoch}
    ON CONFLICT (job_id, attempt) DO UPDATE
       SET times = excluded.times, memory_bytes = excluded.memory_bytes, cpu_ms = excluded.cpu_ms`;
  await within(statement, boundMs);
}

/** Those of an Attempt, oldest first. */
export async function readSamples(
  sql: Sql,
  { jobId, attempt }: Pick<Fence, "jobId" | "attempt">,
  boundMs?: number,
): Promise<readonly Sample[]> {
  const statement = sql<SampleColumns[]>`
    SELECT times, memory_bytes, cpu_ms FROM job_samples WHERE job_id = ${jobId}::uuid AND attempt = ${attempt}`;
  return (await within(statement, boundMs)).flatMap(toSamples);
}

/** What a Job used in all its Attempts, and what it may. */
export interface JobUse {
  readonly limits: Pick<JobLimits, "memory_mb" | "cpus">;
  /** True where retention has removed what the Job has left. */
  readonly expired: boolean;
  /** In the order in which they were taken. */
  readonly samples: readonly (Sample & { readonly attempt: number })[];
}

/** Null where its tenant has no Job of this id. */
export async function readJobUse(sql: Sql, { jobId, tenant }: OwnJob): Promise<JobUse | null> {
  const [job, attempts] = await Promise.all([
    within(sql<Pick<JobUse, "limits" | "expired">[]>`
      SELECT request -> 'limits' AS limits, expired_at IS NOT NULL AS expired
        FROM jobs WHERE id = ${jobId}::uuid AND tenant = ${tenant}`),
    within(sql<(SampleColumns & { readonly attempt: number })[]>`
      SELECT attempt, times, memory_bytes, cpu_ms FROM job_samples WHERE job_id = ${jobId}::uuid ORDER BY attempt`),
  ]);
  const [row] = job;
  if (row === undefined) return null;
  const samples = attempts.flatMap(({ attempt, ...columns }) =>
    toSamples(columns).map((sample) => ({ attempt, ...sample })),
  );
  return { limits: row.limits, expired: row.expired, samples };
}

function toSamples({ times, memoryBytes, cpuMs }: SampleColumns): readonly Sample[] {
  return times.map((time, at) => ({ time, memoryBytes: memoryBytes[at] ?? 0, cpuMs: cpuMs[at] ?? 0 }));
}
