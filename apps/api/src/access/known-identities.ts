import type { Identity } from "./authenticate.ts";

/** Who was let in lately, for while nobody can be looked up. */
export interface KnownIdentities {
  remember(key: string, identity: Identity): void;
  recall(key: string): Identity | null;
}

/** Prometheus and load balancers ask far more often. */
const keptMs = 5 * 60_000;
const mostKept = 1_000;

/**
 * While the database is away no key can be looked up, and yet an operator needs /ready and /metrics just then: whoever
 * was let in within the last minutes is, there. Nothing else asks this: no Job can be read or changed by it.
 */
export function createKnownIdentities(
  hash: (key: string) => Buffer,
  now: () => number = () => performance.now(),
): KnownIdentities {
  const known = new Map<string, { readonly identity: Identity; readonly at: number }>();
  const nameOf = (key: string) => hash(key).toString("base64");
  return {
    remember: (key, identity) => {
      const name = nameOf(key);
      // To the end: what was not heard of for longest is at the beginning.
      known.delete(name);
      known.set(name, { identity, at: now() });
      const [oldest] = known.keys();
      if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
    },
    recall: (key) => {
      const found = known.get(nameOf(key));
      return found === undefined || now() - found.at > keptMs ? null : found.identity;
    },
  };
}
