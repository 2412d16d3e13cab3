import type { Context } from "hono";
import type { z } from "zod";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem, type RequestFault } from "../problem.ts";
import { toQueryFaults } from "./describe-issue.ts";

interface Validation {
  readonly target: string;
  readonly success: boolean;
  readonly error?: z.ZodError;
}

/** Answers for what a route's own schemas refuse: ids and headers as unreadable, query parameters as invalid. */
export function validationProblem(result: Validation, c: Context<ApiEnv>): Response | undefined {
  if (result.success || result.error === undefined) return undefined;
  const { issues } = result.error;
  const first = issues[0]?.message ?? "is not valid";
  switch (result.target) {
    case "param":
      return answerProblem(c, "invalid_id", `The id in the path ${first}.`);
    case "header":
      return issues.some(({ path }) => path[0] === "Idempotency-Key")
        ? answerProblem(c, "invalid_idempotency_key", `The header Idempotency-Key ${first}.`)
        : answerProblem(c, "invalid_last_event_id", `The header Last-Event-ID ${first}.`);
    default:
      return answerProblem(
        c,
        "invalid_query",
        "Query parameters are not valid; see errors.",
        toQueryFaults(issues).map(onceOnly),
      );
  }
}

/** A parameter is a text, or several where it was given several times. */
function onceOnly({ pointer, detail }: RequestFault): RequestFault {
  return { pointer, detail: detail === "must be a string" ? "must be given once" : detail };
}
