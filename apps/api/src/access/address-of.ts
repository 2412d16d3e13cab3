import type { Context } from "hono";
import type { ApiEnv } from "../api-env.ts";

/** Where the connection comes from; null where there is none, as in app.request(). */
export function addressOf(c: Context<ApiEnv>): string | null {
  // Without a server there is no environment at all, whatever its type says.
  const env: Partial<ApiEnv["Bindings"]> | undefined = c.env;
  return env?.incoming?.socket.remoteAddress ?? null;
}
