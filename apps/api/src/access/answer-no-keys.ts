import type { Context } from "hono";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";

/**
 * 409: a service without keys takes everybody on its machine, and whoever made the first key would lock out all others.
 * So its first key is made where its database is, and until then nothing of keys and tenants is changed over HTTP.
 */
export function answerNoKeys(c: Context<ApiEnv>) {
  return answerProblem(
    c,
    "keys_unconfigured",
    "This service has no API keys, and takes everybody on its machine: who makes the first one locks out all others. " +
      "Make it on that machine: npm run keys -- create --name <what for> --scopes admin",
  );
}
