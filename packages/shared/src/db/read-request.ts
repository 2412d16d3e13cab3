import type { StoredRequest } from "../contracts/schedule-request.ts";
import type { OwnJob } from "../domain/access.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** What is in clear of a Job's request. */
export interface ReadRequest {
  readonly request: StoredRequest;
  /** True while the Job has secrets, and with them what it does, sealed. */
  readonly sealed: boolean;
  /** True where retention has removed what the Job has left. */
  readonly expired: boolean;
}

/** How many bytes a Job's request has as JSON, or null where its tenant has no Job of this id. */
export async function measureRequest(sql: Sql, { jobId, tenant }: OwnJob): Promise<number | null> {
  const rows = await within(sql<{ bytes: number }[]>`
    SELECT octet_length(request::text) AS bytes FROM jobs WHERE id = ${jobId}::uuid AND tenant = ${tenant}`);
  return rows[0]?.bytes ?? null;
}

/** A Job's request, which can be megabytes; null where its tenant has no Job of this id. */
export async function readRequest(sql: Sql, { jobId, tenant }: OwnJob): Promise<ReadRequest | null> {
  const rows = await within(sql<ReadRequest[]>`
    SELECT request, secrets IS NOT NULL AS sealed, expired_at IS NOT NULL AS expired
      FROM jobs WHERE id = ${jobId}::uuid AND tenant = ${tenant}`);
  return rows[0] ?? null;
}
