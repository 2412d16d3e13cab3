import { createHash } from "node:crypto";

/**
 * What is stored of a key. A plain SHA-256 is enough, as a key holds 256 random bits: there is nothing to guess that a
 * slow hash would have to protect.
 */
export function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
