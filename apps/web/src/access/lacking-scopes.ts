import { useSyncExternalStore } from "react";

/**
 * Scopes that the service has said a key lacks. Nothing tells what a key may do before it is tried; what was refused once is
 * asked for no more, as each refusal is in the service's audit trail.
 */
let lacking: { readonly key: string | null; readonly scopes: readonly string[] } = { key: null, scopes: [] };
const listeners = new Set<() => void>();

/** To be told of each answer 403 to a request that had this key, by its challenge (RFC 6750). */
export function noteChallenge(key: string | null, challenge: string | null): void {
  const scope = /error="insufficient_scope", scope="([^"]+)"/.exec(challenge ?? "")?.[1];
  if (scope === undefined) return;
  const known = lacking.key === key ? lacking.scopes : [];
  lacking = { key, scopes: [...known, scope] };
  for (const listener of listeners) listener();
}

/** True where this key is known to lack the scope. */
export function useLacks(key: string | null, scope: string): boolean {
  return useSyncExternalStore(onChange, () => lacking.key === key && lacking.scopes.includes(scope));
}

function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
