import type { Sql } from "@longshore/shared/db/connect-database";
import { listKeys } from "@longshore/shared/db/list-keys";
import { toKeyView } from "@longshore/shared/db/to-key-view";
import type { Said } from "./said.ts";
import { toTable } from "./table.ts";

/** Lists the keys, without their secrets, which nobody has. */
export async function showKeys(
  sql: Sql,
  { tenant, json }: { readonly tenant: string | null; readonly json: boolean },
): Promise<Said> {
  const keys = await listKeys(sql, tenant);
  if (json) return { out: `${JSON.stringify({ keys: keys.map(toKeyView) })}\n` };
  if (keys.length === 0) return { out: "There are no keys.\n" };
  const head = ["PREFIX", "NAME", "TENANT", "SCOPES", "STATE", "EXPIRES", "LAST USED"];
  const rows = keys.map((key) => [
    ...[key.prefix, key.name, key.tenant, key.scopes.join(","), key.state],
    ...[key.expiresAt?.toISOString() ?? "never", key.lastUsedAt?.toISOString() ?? "never"],
  ]);
  return { out: toTable(head, rows) };
}
