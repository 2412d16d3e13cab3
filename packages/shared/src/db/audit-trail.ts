import { and, desc, eq, or, sql, type SQL } from "drizzle-orm";
import type { AuditAction, AuditDetails } from "../domain/audit.ts";
import type { Orm, Sql } from "./connect-database.ts";
import { auditEvents } from "./schema.ts";
import { toJson } from "./to-json.ts";
import { within } from "./within.ts";

export interface NewAuditEvent {
  readonly action: AuditAction;
  /** Null where the caller is not known. */
  readonly tenant: string | null;
  readonly keyId: string | null;
  readonly jobId: string | null;
  readonly requestId: string | null;
  readonly details: AuditDetails;
}

export type AuditEvent = typeof auditEvents.$inferSelect;

/** Writes one line of the trail. What changes something writes its line in its own statement. */
export async function appendAuditEvent(sql: Sql, event: NewAuditEvent): Promise<void> {
  const { action, tenant, keyId, jobId, requestId, details } = event;
  await within(sql`
    INSERT INTO audit_events (action, tenant, key_id, job_id, request_id, details)
    VALUES (${action}, ${tenant}, ${keyId}::uuid, ${jobId}::uuid, ${requestId}, ${sql.json(toJson(details))}::jsonb)`);
}

/** The newest lines first, at most `limit`; of one tenant or key where that is given. */
export async function listAuditEvents(
  orm: Orm,
  of: { readonly tenant: string | null; readonly keyId: string | null },
  limit: number,
): Promise<readonly AuditEvent[]> {
  const conditions: (SQL | undefined)[] = [
    of.tenant === null ? undefined : eq(auditEvents.tenant, of.tenant),
    of.keyId === null ? undefined : or(eq(auditEvents.keyId, of.keyId), isDoneBy(of.keyId)),
  ];
  return within(
    orm
      .select()
      .from(auditEvents)
      .where(and(...conditions))
      .orderBy(desc(auditEvents.id))
      .limit(limit),
  );
}

/** What an admin does to another key tells of that one, and says in its details by which it was done. */
function isDoneBy(keyId: string): SQL {
  return sql`${auditEvents.details} ->> 'by' = ${keyId}`;
}

/** Removes up to `limit` lines that are older than `days` days, and gives their number. */
export async function removeOldAuditEvents(sql: Sql, days: number, limit: number): Promise<number> {
  const gone = await within(sql`
    DELETE FROM audit_events WHERE id IN (
      SELECT id FROM audit_events WHERE time < (SELECT longshore_now()) - make_interval(days => ${days}::integer)
       ORDER BY time LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`);
  return gone.length;
}
