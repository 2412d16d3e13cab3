import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { TenantRowHeld } from "@longshore/shared/db/tenant-row-held";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Context } from "hono";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";

export interface ErrorAnswerDeps {
  /** Is told of each error that means that the database is away. */
  readonly onDatabaseTrouble: (error: unknown) => void;
  readonly logger: Logger;
}

/** Answers for what was thrown: the database is away, or a row of it is held, or it is a bug of ours, which the log tells and the client does not see. */
export function createErrorAnswer({
  onDatabaseTrouble,
  logger,
}: ErrorAnswerDeps): (error: Error, c: Context<ApiEnv>) => Response {
  return (error, c) => {
    const requestId = c.get("requestId");
    if (isDatabaseAway(error)) {
      onDatabaseTrouble(error);
      // The database's state is logged once when it changes, not for each request.
      logger.debug({ requestId, reason: error.message, path: c.req.path }, "the database did not answer");
      return answerProblem(
        c,
        "database_unavailable",
        "The database does not answer now. Ask again in a moment.",
      );
    }
    if (error instanceof TenantRowHeld) {
      // No trouble of the database: other tenants do not notice.
      logger.warn({ err: error, requestId, path: c.req.path }, "a row of the caller's tenant is held");
      return answerProblem(
        c,
        "tenant_busy",
        "What counts the jobs of your tenant is busy now, and nothing was stored. Ask again in a moment.",
      );
    }
    logger.error(
      { err: error, requestId, method: c.req.method, path: c.req.path },
      "a request failed by a bug",
    );
    return answerProblem(
      c,
      "internal",
      `This is a fault of the service. Report it with the request id ${requestId}.`,
    );
  };
}
