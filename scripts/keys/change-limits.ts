import type { Database } from "@longshore/shared/db/connect-database";
import { listTenantLimits, setTenantLimits } from "@longshore/shared/db/tenant-limits";
import { toLimitsView } from "@longshore/shared/db/to-tenant-view";
import type { OwnLimits } from "@longshore/shared/domain/tenant-limits";
import type { Said } from "./said.ts";
import { toTable } from "./table.ts";

/** Changes the limits of a tenant that are given, and shows which tenants have limits of their own. */
export async function changeLimits(
  { sql, orm }: Pick<Database, "sql" | "orm">,
  {
    tenant,
    changes,
    json,
  }: { readonly tenant: string | null; readonly changes: Partial<OwnLimits>; readonly json: boolean },
): Promise<Said> {
  if (Object.keys(changes).length > 0) {
    if (tenant === null) return { out: "", fault: "\n✗ Say whose limits: --tenant <name>\n" };
    await setTenantLimits(sql, tenant, changes);
  }
  const all = await listTenantLimits(orm);
  const shown = all.filter((each) => tenant === null || each.tenant === tenant);
  if (json) {
    const limits = shown.map((each) => ({ tenant: each.tenant, ...toLimitsView(each) }));
    return { out: `${JSON.stringify({ limits })}\n` };
  }
  if (shown.length === 0) return { out: "No limits but the service's own (TENANT_MAX_*).\n" };
  const head = ["TENANT", "UNFINISHED", "QUEUED", "PER MINUTE", "STORED MB"];
  const rows = shown.map(({ tenant: name, unfinished, queued, perMinute, storedMb }) => [
    ...[name, ...[unfinished, queued, perMinute, storedMb].map(toWord)],
  ]);
  return { out: toTable(head, rows) };
}

/** As it is written on the command line. */
function toWord(limit: number | null): string {
  if (limit === null) return "default";
  return limit === 0 ? "none" : String(limit);
}
