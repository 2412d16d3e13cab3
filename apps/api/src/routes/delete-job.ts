import { createRoute } from "@hono/zod-openapi";
import type { Actor } from "@longshore/shared/domain/access";
import type { Result } from "@longshore/shared/domain/result";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Api } from "../api-env.ts";
import { actorOf } from "../access/actor-of.ts";
import { jobIdParams, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";

type NotDeleted = "job_not_found" | "not_finished";

export interface DeleteJobRouteDeps {
  /** Deletes an ended Job; every reader finds it gone once this resolves. */
  readonly deleteJob: (jobId: string, by: Actor) => Promise<Result<void, NotDeleted>>;
  readonly logger: Logger;
}

const route = createRoute({
  method: "delete",
  path: "/jobs/{id}",
  tags: ["jobs"],
  summary: "Delete an ended job",
  description:
    "The job, its events, its archive and the idempotency key that is bound to it are gone for every reader once this " +
    "answers; the bytes follow within a minute. A download that has begun goes on to its end. A second time it is 404, " +
    "as the job is not known any more. A job that has not ended is not deleted: cancel it first.",
  request: { params: jobIdParams, query: noQuery },
  responses: {
    204: { description: "The job is gone." },
    ...problemResponses("invalid_id", "job_not_found", "not_finished", "body_too_large"),
  },
});

/** DELETE /jobs/{id} */
export function deleteJobRoute(app: Api, { deleteJob, logger }: DeleteJobRouteDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const deleted = await deleteJob(id, actorOf(c));
    if (!deleted.ok) return answerProblem(c, deleted.failure, whyNot(deleted.failure, id));
    // What cannot be undone is told, whatever the log's other lines say of requests.
    logger.info({ audit: "job.deleted", job: id, ...actorOf(c) }, "a job was deleted");
    return c.body(null, 204);
  });
}

function whyNot(failure: NotDeleted, id: string): string {
  if (failure === "job_not_found") return `There is no job ${id}.`;
  return `The job has not ended. Cancel it first (POST /cancel/${id}?wait=30), then delete it.`;
}
