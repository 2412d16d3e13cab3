import type { Client as Api } from "openapi-fetch";
import type { CallOptions, ScheduleOptions } from "./call-options.ts";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import { newIdempotencyKey } from "./new-idempotency-key.ts";
import type { Key, LimitChanges, MadeKey, NewKey, Tenant } from "./wire.ts";

/** Keys and tenants: for keys with `admin`, of their own tenant, and of all for an admin of `local`. */
export interface KeyCalls {
  /** The newest first. */
  keys(options?: CallOptions): Promise<readonly Key[]>;
  /**
   * Makes a key, once, however often the connection breaks. Its secret is told in one answer alone: where that got lost,
   * `key` is null, and what was made is good for nothing but to be revoked.
   */
  createKey(key: NewKey, options?: ScheduleOptions): Promise<MadeKey>;
  /** Revokes a key by its prefix or id. `evenLastAdmin`: also where its tenant has no other with `admin`. */
  revokeKey(key: string, options?: CallOptions & { readonly evenLastAdmin?: boolean }): Promise<Key>;
  /** What holds for tenants, and what they use of it. */
  tenants(options?: CallOptions): Promise<readonly Tenant[]>;
  /** Changes the limits that are given; for who runs the service. */
  limitTenant(name: string, changes: LimitChanges, options?: CallOptions): Promise<Tenant>;
}

export function createKeyCalls(api: Api<paths>): KeyCalls {
  return {
    keys: async ({ signal } = {}) => dataOf(await api.GET("/keys", givenSignal(signal))).keys,
    createKey: async (body, { signal, idempotencyKey = newIdempotencyKey() } = {}) => {
      const header = { "Idempotency-Key": idempotencyKey };
      const made = dataOf(await api.POST("/keys", { params: { header }, body, ...givenSignal(signal) }));
      return { key: null, ...made };
    },
    revokeKey: async (key, { signal, evenLastAdmin = false } = {}) => {
      const query = evenLastAdmin ? { last_admin: "true" as const } : {};
      const params = { path: { key }, query };
      return dataOf(await api.DELETE("/keys/{key}", { params, ...givenSignal(signal) }));
    },
    tenants: async ({ signal } = {}) => dataOf(await api.GET("/tenants", givenSignal(signal))).tenants,
    limitTenant: async (name, body, { signal } = {}) =>
      dataOf(
        await api.PATCH("/tenants/{name}", { params: { path: { name } }, body, ...givenSignal(signal) }),
      ),
  };
}
