import type { HttpBindings } from "@hono/node-server";
import type { Caller, Scope } from "@longshore/shared/domain/access";
import type { OpenAPIHono } from "@hono/zod-openapi";

/** What middleware puts beside a request for what comes after it. */
export interface ApiEnv {
  Variables: {
    readonly requestId: string;
    /** Who asks; only on routes that are not public. */
    readonly caller: Caller;
    /** What they may: the scopes of their key, and all where the service has no keys. */
    readonly scopes: readonly Scope[];
    /** The parsed JSON body; only behind `jsonBody`. */
    readonly body: unknown;
  };
  /** The sockets below; absent where the app is called without a server. */
  Bindings: Partial<HttpBindings>;
}

export type Api = OpenAPIHono<ApiEnv>;
