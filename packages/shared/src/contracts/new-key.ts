import { z } from "zod";
import { type Scope, scopes } from "../domain/access.ts";
import { isKeyName, keyNameRule } from "../domain/api-key.ts";
import { keyView } from "./key-view.ts";
import { tenantNameText } from "./tenant-name.ts";

export const defaultScopes: readonly Scope[] = ["jobs:read", "jobs:write"];

const yearTenThousand = Date.parse("+010000-01-01T00:00:00Z");

const timeToCome = z.iso
  .datetime({ offset: true, error: "must be a time as in RFC 3339, such as 2027-01-31T12:00:00Z" })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() > Date.now(), { error: "must be a time to come" })
  .refine((at) => at.getTime() < yearTenThousand, { error: "must be a time before the year 10000" });

/** The body of POST /keys. */
export const newKeyRequest = z
  .strictObject({
    name: z
      .string()
      .transform((text) => text.trim())
      .refine(isKeyName, { error: keyNameRule })
      .meta({ minLength: 1, maxLength: 100, description: "What it is for." }),
    tenant: tenantNameText
      .optional()
      .meta({ description: "Whose jobs it is for; the caller's own tenant, where left out." }),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .max(scopes.length)
      // Each once, and in one order, whatever was sent.
      .transform((given) => scopes.filter((scope) => given.includes(scope)))
      .default([...defaultScopes])
      .meta({ description: "`admin` holds the other two." }),
    expires_at: timeToCome
      .nullable()
      .default(null)
      .meta({ format: "date-time", description: "Null: never." }),
  })
  .meta({ id: "NewKey" });

/** The answer of POST /keys where the key was made: the only time that it is told. */
export const createdKey = keyView
  .extend({
    key: z.string().meta({
      description: "The key itself. It is not stored, and cannot be shown again.",
    }),
  })
  .meta({ id: "CreatedKey" });

export type CreatedKeyView = z.output<typeof createdKey>;
