import { z } from "zod";
import { isTenantName, tenantNameRule } from "../domain/access.ts";

/** What a tenant is called. */
export const tenantNameText = z
  .string()
  .refine(isTenantName, { error: tenantNameRule })
  .meta({ minLength: 1, maxLength: 63 });
