import { type AuditEvent, listAuditEvents } from "@longshore/shared/db/audit-trail";
import type { Database } from "@longshore/shared/db/connect-database";
import { nameOneKey } from "./name-one-key.ts";
import type { Said } from "./said.ts";
import { toTable } from "./table.ts";

/** Shows the newest lines of the audit trail. */
export async function showAudit(
  { orm, sql }: Pick<Database, "orm" | "sql">,
  asked: {
    readonly tenant: string | null;
    readonly named: string | null;
    readonly limit: number;
    readonly json: boolean;
  },
): Promise<Said> {
  const key = asked.named === null ? null : await nameOneKey(sql, asked.named);
  if (key !== null && !key.ok) return { out: "", fault: `\n✗ ${key.failure}\n` };
  const of = { tenant: asked.tenant, keyId: key?.value.id ?? null };
  const events = await listAuditEvents(orm, of, asked.limit);
  if (asked.json) return { out: `${JSON.stringify({ events: events.map(toEventJson) })}\n` };
  if (events.length === 0) return { out: "There is nothing in the audit trail.\n" };
  const head = ["TIME", "WHAT", "TENANT", "KEY", "JOB", "REQUEST", "DETAILS"];
  const rows = events.map((event) => [
    ...[event.time.toISOString(), event.action, event.tenant ?? "-", event.keyId ?? "-", event.jobId ?? "-"],
    ...[event.requestId ?? "-", describeDetails(event)],
  ]);
  return { out: toTable(head, rows) };
}

function describeDetails({ details }: AuditEvent): string {
  const told = Object.entries(details).filter(([, value]) => value !== null);
  return told.map(([name, value]) => `${name}=${String(value)}`).join(" ");
}

function toEventJson({ id, time, action, tenant, keyId, jobId, requestId, details }: AuditEvent) {
  return { id, time, action, tenant, key_id: keyId, job_id: jobId, request_id: requestId, details };
}
