import { z } from "zod";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { SecretKeys } from "../runtime/secret-box.ts";
import { type Environment, parseSettings } from "./parse-settings.ts";

const form = "must be 32 bytes, as 64 hexadecimal digits or as base64: make one with openssl rand -base64 32";
const mostPrevious = 16;

const secretKeySettings = z.object({
  SECRETS_KEY: z
    .string()
    .refine((text) => decodeKey(text) !== null, { error: form })
    .transform(toKey)
    .optional(),
  SECRETS_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(",").map((each) => each.trim()))
    .refine((texts) => texts.length <= mostPrevious && texts.every((each) => decodeKey(each) !== null), {
      error: `must be former keys, separated by commas, at most ${String(mostPrevious)}; each ${form}`,
    })
    .transform((texts) => texts.map(toKey))
    .default([]),
});

/**
 * SECRETS_KEY and SECRETS_KEY_PREVIOUS, as bytes; null where this part was given none. Fails with every fault. Former
 * keys alone are one: they were to go on being read, and nothing would be.
 */
export function parseSecretKeys(env: Environment): Result<SecretKeys | null, readonly string[]> {
  const parsed = parseSettings(secretKeySettings, env);
  if (!parsed.ok) return parsed;
  const { SECRETS_KEY: current, SECRETS_KEY_PREVIOUS: previous } = parsed.value;
  if (current !== undefined) return succeed({ current, previous });
  if (previous.length === 0) return succeed(null);
  return fail([
    "SECRETS_KEY must be set where SECRETS_KEY_PREVIOUS is: it is the key that takes the place of those",
  ]);
}

function toKey(text: string): Buffer {
  return decodeKey(text) ?? Buffer.alloc(0);
}

function decodeKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, "base64") : null;
}
