import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Actor, Scope } from "../domain/access.ts";
import { prefixOf } from "../domain/api-key.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { hashKey } from "./key-hash.ts";
import { findKeysBy, type KeyRecord } from "./list-keys.ts";
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

export interface CreatedKey extends KeyRecord {
  /** The key itself. It is stored nowhere, and cannot be had again. */
  readonly key: string;
}

/** Who makes a key by a key of their own. */
export interface KeyMaker extends Actor {
  readonly keyId: string;
  /** By which the same maker's same wish is known again; null where none was given. */
  readonly idempotencyKey: string | null;
}

export type NotCreated = "maker_ended" | "too_many_keys" | "idempotency_conflict";

/** A key that was made now, or the one that the same maker made by the same Idempotency-Key, without its secret. */
export type MadeKey =
  | { readonly type: "created"; readonly key: CreatedKey }
  | { readonly type: "replayed"; readonly key: KeyRecord };

const shownCharacters = "abcdefghijklmnopqrstuvwxyz234567";

/** What a tenant may make in an hour over HTTP, or a little more where several ask at once: rows of keys stay for ever. */
export const mostKeysAnHour = 100;

/** Makes a key and stores its hash. From the next request on the service asks everybody for one. */
export async function createKey(sql: Sql, wanted: NewKey): Promise<CreatedKey> {
  const { created } = await insertKey(sql, wanted, null);
  if (created === null) throw new Error("a key was not stored, and nothing says why");
  return created;
}

/**
 * As `createKey`, for somebody with a key, which must be valid still when the new one is stored: who was let in a moment
 * before their key was revoked leaves none behind. What they may make is the caller's to decide. The same Idempotency-Key
 * of the same maker gives the key of then, whatever has become of it, and fails where something else was wanted then.
 */
export async function createKeyBy(
  sql: Sql,
  wanted: NewKey,
  by: KeyMaker,
): Promise<Result<MadeKey, NotCreated>> {
  const { created, id, isMakerValid } = await insertKey(sql, wanted, by);
  if (created !== null) return succeed({ type: "created", key: created });
  if (!isMakerValid) return fail("maker_ended");
  const [former] = await findKeysBy(sql, id);
  if (former === undefined) return fail("too_many_keys");
  return isAsWanted(former, wanted)
    ? succeed({ type: "replayed", key: former })
    : fail("idempotency_conflict");
}

/**
 * The id follows from the Idempotency-Key and from who sent it, so that the primary key is what keeps a wish from being
 * met twice, and no other maker can be answered with this one's key.
 */
function idOf(by: KeyMaker | null): string {
  if (by === null || by.idempotencyKey === null) return randomUUID();
  const hex = createHash("sha256").update(`key\0${by.keyId}\0${by.idempotencyKey}`).digest("hex");
  // A UUID of version 8 (RFC 9562, 5.8): its bits are the maker's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function insertKey(sql: Sql, wanted: NewKey, by: KeyMaker | null) {
  const { name, tenant, scopes, expiresAt } = wanted;
  const shown = Array.from(randomBytes(8), (byte) => shownCharacters[byte % 32]).join("");
  const key = `lsk_${shown}_${randomBytes(32).toString("base64url")}`;
  const [id, prefix, maker] = [idOf(by), prefixOf(key), by?.keyId ?? null];
  const expires = expiresAt?.toISOString() ?? null;
  const told = { name, prefix, scopes: scopes.join(","), expires_at: expires };
  const details = toJson(maker === null ? told : { ...told, by: maker });
  const [row] = await within(sql<{ createdAt: Date | null; isMakerValid: boolean }[]>`
    WITH maker AS MATERIALIZED (
      SELECT id FROM api_keys
       WHERE id = ${maker}::uuid AND revoked_at IS NULL AND coalesce(expires_at > longshore_now(), true)
         FOR NO KEY UPDATE
    ), made AS (
      INSERT INTO api_keys (id, name, prefix, hash, tenant, scopes, expires_at, created_by)
      SELECT ${id}::uuid, ${name}::text, ${prefix}::text, ${hashKey(key)}::bytea, ${tenant}::text,
             ${[...scopes]}::text[], ${expiresAt}::timestamptz, ${maker}::uuid
       WHERE ${maker === null} OR (EXISTS (SELECT FROM maker) AND ${mostKeysAnHour} > (
               SELECT count(*) FROM api_keys
                WHERE tenant = ${tenant} AND created_at > longshore_now() - interval '1 hour'))
      ON CONFLICT (id) DO NOTHING
      RETURNING id, tenant, created_at
    ), told AS (
      INSERT INTO audit_events (action, tenant, key_id, request_id, details)
      SELECT 'key.created', tenant, id, ${by?.requestId ?? null}::text, ${sql.json(details)}::jsonb FROM made
    )
    SELECT (SELECT created_at FROM made) AS created_at, EXISTS (SELECT FROM maker) AS is_maker_valid`);
  const createdAt = row?.createdAt ?? null;
  const unused = { createdBy: maker, lastUsedAt: null, revokedAt: null, state: "valid" } as const;
  const created: CreatedKey | null =
    createdAt === null ? null : { ...wanted, id, key, prefix, createdAt, ...unused };
  return { id, created, isMakerValid: row?.isMakerValid ?? false };
}

function isAsWanted(former: KeyRecord, { name, tenant, scopes, expiresAt }: NewKey): boolean {
  return (
    former.name === name &&
    former.tenant === tenant &&
    former.scopes.join() === scopes.join() &&
    former.expiresAt?.getTime() === expiresAt?.getTime()
  );
}
