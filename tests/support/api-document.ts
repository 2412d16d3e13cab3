// First: see there.
import "../../apps/api/src/openapi/extend-zod.ts";
import { limitSettings, toLimitMaxima } from "@longshore/shared/config/limit-settings";
import { createLogger } from "@longshore/shared/runtime/logger";
import { type ApiDeps, createApp } from "../../apps/api/src/app.ts";
import { bodyBounds, createBodyRoom } from "../../apps/api/src/middleware/body-room.ts";

/**
 * The OpenAPI document of the service with its default limits, as JSON text. It needs no database: all but what the
 * document is made of throws where it is used.
 */
export async function readApiDocument(version: string): Promise<string> {
  const parts = {
    ...{ corsOrigins: [], permits: { fullNetwork: false }, version },
    limitMaxima: toLimitMaxima(limitSettings.parse({})),
    bodyRoom: createBodyRoom(bodyBounds),
    logger: createLogger("api", "fatal"),
    observeRequest: () => undefined,
  };
  const app = createApp(parts as unknown as ApiDeps);
  const response = await app.request("http://localhost/openapi.json");
  if (response.status !== 200) throw new Error(`no document: ${await response.text()}`);
  return response.text();
}
