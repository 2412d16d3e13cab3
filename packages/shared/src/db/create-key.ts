import { randomBytes, randomUUID } from "node:crypto";
import type { Scope } from "../domain/access.ts";
import { prefixOf } from "../domain/api-key.ts";
import type { Sql } from "./connect-database.ts";
import { hashKey } from "./key-hash.ts";
import { toJson } from "./to-json.ts";
import { within } from "./within.ts";

export interface NewKey {
  /** For people: what the key is for. */
  readonly name: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  /** Null: never. */
  readonly expiresAt: Date | null;
}

export interface CreatedKey {
  readonly id: string;
  /** The key itself. It is stored nowhere, and cannot be had again. */
  readonly key: string;
  readonly prefix: string;
}

const shownCharacters = "abcdefghijklmnopqrstuvwxyz234567";

/** Makes a key and stores its hash. From the next request on the service asks everybody for one. */
export async function createKey(sql: Sql, { name, tenant, scopes, expiresAt }: NewKey): Promise<CreatedKey> {
  const shown = Array.from(randomBytes(8), (byte) => shownCharacters[byte % 32]).join("");
  const key = `lsk_${shown}_${randomBytes(32).toString("base64url")}`;
  const [id, prefix] = [randomUUID(), prefixOf(key)];
  const details = toJson({
    name,
    prefix,
    scopes: scopes.join(","),
    expires_at: expiresAt?.toISOString() ?? null,
  });
  await within(sql`
    WITH made AS (
      INSERT INTO api_keys (id, name, prefix, hash, tenant, scopes, expires_at)
      VALUES (${id}::uuid, ${name}, ${prefix}, ${hashKey(key)}, ${tenant}, ${[...scopes]}::text[], ${expiresAt})
      RETURNING id, tenant
    )
    INSERT INTO audit_events (action, tenant, key_id, details)
    SELECT 'key.created', tenant, id, ${sql.json(details)}::jsonb FROM made`);
  return { id, key, prefix };
}
