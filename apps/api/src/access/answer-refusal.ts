import type { Context } from "hono";
import { localTenant, type Scope } from "@longshore/shared/domain/access";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";
import type { Refusal } from "./authenticate.ts";
import type { ForeignRequest } from "./local-request.ts";

const whyRefused = {
  key_missing: "Send an API key, as Authorization: Bearer <key> or as X-API-Key.",
  key_invalid: "This is no API key of this service. Send one key, whole, as it was shown when it was made.",
  key_revoked: "This API key was revoked.",
  key_expired: "This API key has expired.",
} as const satisfies Record<Refusal["code"], string>;

/** 401, with the challenge of RFC 6750: its error is left out where no key was sent. */
export function answerRefusal<Code extends Refusal["code"]>(c: Context<ApiEnv>, code: Code) {
  const error =
    code === "key_missing" ? "" : `, error="invalid_token", error_description="${whyRefused[code]}"`;
  c.header("WWW-Authenticate", `Bearer realm="longshore"${error}`);
  return answerProblem(c, code, whyRefused[code]);
}

/** 403: the key is good, and not for this. */
export function answerMissingScope(c: Context<ApiEnv>, scope: Scope) {
  c.header("WWW-Authenticate", `Bearer realm="longshore", error="insufficient_scope", scope="${scope}"`);
  return answerProblem(c, "scope_missing", `This API key lacks the scope ${scope}.`);
}

/** 403: the key is an admin's, and not of the tenant that runs the service. */
export function answerNotOperator(c: Context<ApiEnv>) {
  c.header("WWW-Authenticate", `Bearer realm="longshore", error="insufficient_scope", scope="admin"`);
  return answerProblem(
    c,
    "operator_only",
    `This is for who runs the service: an admin of the tenant ${localTenant}. An admin of another has a say in that one alone.`,
  );
}

const whyForeign = {
  host_not_allowed:
    "Without API keys the service is for this machine alone, and takes requests under localhost or an address only. " +
    "Ask under one of these, or make a key (npm run keys -- create).",
  origin_not_allowed:
    "Without API keys the service takes nothing from other web pages. The operator can permit this origin with CORS_ORIGINS.",
} as const satisfies Record<ForeignRequest, string>;

/** 403 for what a web page sent that has no business here. */
export function answerForeign(c: Context<ApiEnv>, code: ForeignRequest): Response {
  return answerProblem(c, code, whyForeign[code]);
}
