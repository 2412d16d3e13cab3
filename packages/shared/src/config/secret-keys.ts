import { z } from "zod";
import type { SecretKeys } from "../runtime/secret-box.ts";

const form = "must be 32 bytes, as 64 hexadecimal digits or as base64: make one with openssl rand -base64 32";
const mostPrevious = 16;

/** SECRETS_KEY and SECRETS_KEY_PREVIOUS, as bytes. */
export const secretKeySettings = z.object({
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

/** The keys of secrets; null where this part was given none. */
export function toSecretKeys({
  SECRETS_KEY: current,
  SECRETS_KEY_PREVIOUS: previous,
}: z.output<typeof secretKeySettings>): SecretKeys | null {
  return current === undefined ? null : { current, previous };
}

function toKey(text: string): Buffer {
  return decodeKey(text) ?? Buffer.alloc(0);
}

function decodeKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, "base64") : null;
}
