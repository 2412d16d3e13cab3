import type { Client as Api } from "openapi-fetch";
import type { CallOptions } from "./call-options.ts";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import type { Send } from "./send.ts";
import type { Components, Home, Me, System } from "./wire.ts";

/** How the service is. */
export interface ServiceState {
  /** What the service is; needs no key. */
  home(options?: CallOptions): Promise<Home>;
  /** Who asks, by their key: their tenant, what they may do, and what the tenant may and does use. */
  me(options?: CallOptions): Promise<Me>;
  /** How each part of the service is. Throws a ProblemError `not_ready`, with `components`, where jobs cannot run. */
  ready(
    options?: CallOptions,
  ): Promise<{ readonly status: "ready" | "degraded"; readonly components: Components }>;
  /** Its workers, what waits, its disk and its failures of late: for who runs the service, with a key that has `admin`. */
  system(options?: CallOptions): Promise<System>;
}

/** `sendOnce` repeats nothing: that jobs cannot run is an answer, too. */
export function createServiceState(api: Api<paths>, sendOnce: Send): ServiceState {
  return {
    home: async ({ signal } = {}) => dataOf(await api.GET("/", { fetch: sendOnce, ...givenSignal(signal) })),
    me: async ({ signal } = {}) => dataOf(await api.GET("/me", givenSignal(signal))),
    ready: async ({ signal } = {}) =>
      dataOf(await api.GET("/ready", { fetch: sendOnce, ...givenSignal(signal) })),
    system: async ({ signal } = {}) => dataOf(await api.GET("/system", givenSignal(signal))),
  };
}
