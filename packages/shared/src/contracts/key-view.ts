import { z } from "zod";
import { scopes } from "../domain/access.ts";

const time = z.iso.datetime();

/** An API key, as lists show it: its secret is nowhere. */
export const keyView = z
  .strictObject({
    id: z.uuid(),
    prefix: z.string().meta({ description: "The part of the key that is shown." }),
    name: z.string(),
    tenant: z.string(),
    scopes: z.array(z.enum(scopes)),
    state: z.enum(["valid", "revoked", "expired"]),
    created_at: time,
    created_by: z.uuid().nullable().meta({
      description: "Id of the key that made it; null where it was made on the machine, or that is not known.",
    }),
    expires_at: time.nullable().meta({ description: "Null: never." }),
    last_used_at: time.nullable().meta({ description: "To a minute; null where it was never used." }),
    revoked_at: time.nullable(),
  })
  .meta({ id: "Key" });

export type KeyView = z.output<typeof keyView>;

/** The answer of GET /keys. */
export const keyList = z
  .strictObject({
    keys: z.array(keyView).meta({ description: "The newest first, 1,000 at most." }),
  })
  .meta({ id: "KeyList" });
