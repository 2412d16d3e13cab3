import { z } from "zod";

/** How a part of the service is. */
export const component = z
  .strictObject({
    state: z.enum(["ok", "degraded", "away"]),
    reason: z.string().nullable().meta({ description: "A sentence; null where all is well." }),
  })
  .meta({ id: "Component" });

/** How each part of the service is. */
export const components = z
  .strictObject({
    database: component,
    queue: component,
    workers: component,
    engine: component,
    models: component,
    storage: component,
  })
  .meta({ id: "Components" });
