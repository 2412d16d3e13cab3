import { z } from "zod";
import { scopes } from "../domain/access.ts";
import { keyView } from "./key-view.ts";
import { tenantView } from "./tenant-view.ts";

/** The answer of GET /me. */
export const meView = z
  .strictObject({
    tenant: tenantView.shape.name,
    key: keyView.nullable().meta({
      description: "The API key that was sent; null where the service has none.",
    }),
    scopes: z.array(z.enum(scopes)).meta({
      description:
        "What the caller may do, those with it that `admin` holds; all where the service has no API keys.",
    }),
    runs_service: z.boolean().meta({
      description: "True for an admin of the tenant `local`, who has a say in all tenants and their limits.",
    }),
    limits: tenantView.shape.limits,
    use: tenantView.shape.use,
  })
  .meta({ id: "Me" });

export type MeView = z.output<typeof meView>;
