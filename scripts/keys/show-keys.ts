import type { Sql } from "@longshore/shared/db/connect-database";
import { type KeyRecord, listKeys } from "@longshore/shared/db/list-keys";
import type { Said } from "./said.ts";
import { toTable } from "./table.ts";

/** Lists the keys, without their secrets, which nobody has. */
export async function showKeys(
  sql: Sql,
  { tenant, json }: { readonly tenant: string | null; readonly json: boolean },
): Promise<Said> {
  const keys = await listKeys(sql, tenant);
  if (json) return { out: `${JSON.stringify({ keys: keys.map(toKeyJson) })}\n` };
  if (keys.length === 0) return { out: "There are no keys.\n" };
  const head = ["PREFIX", "NAME", "TENANT", "SCOPES", "STATE", "EXPIRES", "LAST USED"];
  const rows = keys.map((key) => [
    ...[key.prefix, key.name, key.tenant, key.scopes.join(","), key.state],
    ...[key.expiresAt?.toISOString() ?? "never", key.lastUsedAt?.toISOString() ?? "never"],
  ]);
  return { out: toTable(head, rows) };
}

/** A key by the names that its columns have. */
export function toKeyJson(key: KeyRecord) {
  const { id, prefix, name, tenant, scopes, state } = key;
  return {
    ...{ id, prefix, name, tenant, scopes, state, created_at: key.createdAt },
    ...{ expires_at: key.expiresAt, last_used_at: key.lastUsedAt, revoked_at: key.revokedAt },
  };
}
