import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { holdsScope, isOperator, localCaller, scopes as allScopes } from "@longshore/shared/domain/access";
import { type Result, succeed } from "@longshore/shared/domain/result";
import type { Context, MiddlewareHandler } from "hono";
import type { ApiEnv } from "../api-env.ts";
import { answerForeign, answerMissingScope, answerNotOperator, answerRefusal } from "./answer-refusal.ts";
import type { Authenticate, Identity, Refusal } from "./authenticate.ts";
import type { KeyState } from "./key-state.ts";
import type { KnownIdentities } from "./known-identities.ts";
import { findForeign } from "./local-request.ts";
import { type Credentials, readCredentials } from "./read-credentials.ts";
import type { RefusedRequest } from "./refusal-trail.ts";
import { refusedRequest } from "./refused-request.ts";
import { accessOf, isOfService, type RouteAccess, scopesOf } from "./route-access.ts";

export interface GuardRoutesDeps {
  readonly keys: KeyState;
  readonly authenticate: Authenticate;
  readonly known: KnownIdentities;
  /** Origins that CORS permits. */
  readonly corsOrigins: readonly string[];
  readonly onRefused: (refused: RefusedRequest) => void;
}

/**
 * Lets a request on to its route where its caller may use that, and says who it is. What no route takes goes on, too:
 * that a path is not there is no secret.
 */
export function guardRoutes(deps: GuardRoutesDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const access = accessOf(c);
    // What needs no key is not kept waiting for the database.
    if (access === null || access === "public") return next();
    const given = credentialsOf(c);
    if (await isOpen(deps, access, given)) {
      const foreign = findForeign(localRequest(c), deps.corsOrigins);
      if (foreign !== null) return answerForeign(c, foreign);
      c.set("caller", localCaller);
      c.set("scopes", allScopes);
      return next();
    }
    const identified = await identify(deps, c, { access, given });
    if (!identified.ok) {
      const { code, key } = identified.failure;
      deps.onRefused({ ...refusedRequest(c), code, tenant: key?.tenant ?? null, keyId: key?.id ?? null });
      return answerRefusal(c, code);
    }
    const { tenant, keyId, scopes } = identified.value;
    const missing = scopesOf(access).find((scope) => !holdsScope(scopes, scope));
    if (missing !== undefined) {
      deps.onRefused({ ...refusedRequest(c), code: "scope_missing", tenant, keyId });
      return answerMissingScope(c, missing);
    }
    if (access === "operator" && !isOperator({ tenant })) {
      deps.onRefused({ ...refusedRequest(c), code: "operator_only", tenant, keyId });
      return answerNotOperator(c);
    }
    c.set("caller", { tenant, keyId });
    c.set("scopes", scopes);
    await next();
    // No cache on the way may give one caller's answer to another: not every cache knows X-API-Key.
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };
}

/** Whether the service has no keys, and so takes whoever is on this machine. */
async function isOpen({ keys }: GuardRoutesDeps, access: RouteAccess, given: Credentials): Promise<boolean> {
  try {
    return !(await (given.type === "none" ? keys.areConfigured() : keys.areConfiguredNow()));
  } catch (error) {
    if (isDatabaseAway(error) && isOfService(access)) return keys.lastSeen() === false;
    throw error;
  }
}

async function identify(
  { authenticate, known }: GuardRoutesDeps,
  c: Context<ApiEnv>,
  { access, given }: { readonly access: RouteAccess; readonly given: Credentials },
): Promise<Result<Identity, Refusal>> {
  try {
    const identified = await authenticate(given, c.get("requestId"));
    if (identified.ok && given.type === "key") known.remember(given.key, identified.value);
    return identified;
  } catch (error) {
    const recalled = given.type === "key" && isOfService(access) ? known.recall(given.key) : null;
    if (recalled === null || !isDatabaseAway(error)) throw error;
    return succeed(recalled);
  }
}

function credentialsOf(c: Context<ApiEnv>): Credentials {
  return readCredentials({
    authorization: c.req.header("Authorization"),
    apiKey: c.req.header("X-API-Key"),
  });
}

function localRequest(c: Context<ApiEnv>) {
  return { host: c.req.header("Host") ?? new URL(c.req.url).host, origin: c.req.header("Origin") };
}
