import { createRoute } from "@hono/zod-openapi";
import { createdKey, newKeyRequest } from "@longshore/shared/contracts/new-key";
import { keyView } from "@longshore/shared/contracts/key-view";
import { toCreatedKeyView, toKeyView } from "@longshore/shared/db/to-key-view";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Context } from "hono";
import { actorOf } from "../access/actor-of.ts";
import { answerMissingScope, answerNotOperator, answerRefusal } from "../access/answer-refusal.ts";
import { answerNoKeys } from "../access/answer-no-keys.ts";
import type { RefusedRequest } from "../access/refusal-trail.ts";
import { refusedRequest } from "../access/refused-request.ts";
import type { Api, ApiEnv } from "../api-env.ts";
import type { BodyRoom } from "../middleware/body-room.ts";
import { toBodyFaults } from "../middleware/describe-issue.ts";
import { jsonBody, jsonBodyCodes } from "../middleware/json-body.ts";
import { idempotencyHeader, noQuery } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import type { createMakeKey, KeyNotMade } from "../use-cases/make-key.ts";

export interface CreateKeyRouteDeps {
  readonly makeKey: ReturnType<typeof createMakeKey>;
  readonly bodyRoom: BodyRoom;
  /** Is told of who wants more than they may. */
  readonly onRefused: (refused: RefusedRequest) => void;
  readonly logger: Logger;
}

const createKeyRouteOf = (bodyRoom: BodyRoom) =>
  createRoute({
    method: "post",
    path: "/keys",
    tags: ["service"],
    summary: "Make an API key",
    description:
      "The answer holds the key itself, and nothing else ever does: what gets lost on the way is revoked, and another one " +
      "made. An admin makes keys of its own tenant, an admin of `local`, who runs the service, of any. The first key of a " +
      "service is made on its machine (`npm run keys -- create`). A tenant may make 100 in an hour.",
    middleware: [jsonBody(bodyRoom)] as const,
    request: {
      query: noQuery,
      headers: idempotencyHeader(
        "The same, sent by the same API key with the same body, answers the key of then, without its secret.",
      ),
    },
    // As in POST /schedule.
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/NewKey" } } },
    },
    responses: {
      201: {
        description: "The key is made.",
        content: { "application/json": { schema: createdKey } },
      },
      200: {
        description:
          "It was made by the same request before; its secret is not stored, and so not told again.",
        headers: {
          "Idempotent-Replay": { description: "true", schema: { type: "string" as const } },
        },
        content: { "application/json": { schema: keyView } },
      },
      ...problemResponses(
        ...jsonBodyCodes,
        "invalid_idempotency_key",
        "idempotency_conflict",
        "key_revoked",
        "scope_missing",
        "operator_only",
        "keys_unconfigured",
        "too_many_keys",
      ),
    },
  });

/** POST /keys */
export function createKeyRoute(app: Api, { makeKey, bodyRoom, onRefused, logger }: CreateKeyRouteDeps): void {
  app.openAPIRegistry.register("NewKey", newKeyRequest);
  app.openapi(createKeyRouteOf(bodyRoom), async (c) => {
    const parsed = newKeyRequest.safeParse(c.get("body"));
    if (!parsed.success) {
      const faults = toBodyFaults(parsed.error.issues);
      return answerProblem(c, "invalid_body", "The body is not valid; see errors.", faults);
    }
    const { expires_at: expiresAt, tenant, ...wanted } = parsed.data;
    const idempotencyKey = c.req.valid("header")["Idempotency-Key"] ?? null;
    const by = { ...actorOf(c), scopes: c.get("scopes"), idempotencyKey };
    const made = await makeKey({ ...wanted, tenant, expiresAt }, by);
    if (!made.ok) return answerNotMade(c, made.failure, onRefused);
    const { type, key } = made.value;
    if (type === "replayed") {
      c.header("Idempotent-Replay", "true");
      return c.json(toKeyView(key), 200);
    }
    const { id, prefix, scopes } = key;
    logger.info(
      { audit: "key.created", key: id, prefix, of: key.tenant, scopes, ...actorOf(c) },
      "a key was made",
    );
    return c.json(toCreatedKeyView(key), 201);
  });
}

/** Who wants more than they may is told to the audit trail. */
function answerNotMade(c: Context<ApiEnv>, failure: KeyNotMade, onRefused: CreateKeyRouteDeps["onRefused"]) {
  const refuse = (code: string) => onRefused({ ...refusedRequest(c), ...c.get("caller"), code });
  if (typeof failure !== "string") {
    refuse(failure.code);
    return answerMissingScope(c, failure.scope);
  }
  if (failure === "operator_only") {
    refuse(failure);
    return answerNotOperator(c);
  }
  if (failure === "keys_unconfigured") return answerNoKeys(c);
  if (failure === "maker_ended") return answerRefusal(c, "key_revoked");
  return answerProblem(c, failure, whyNot[failure], undefined, tooManyRetrySeconds);
}

const tooManyRetrySeconds = 600;

const whyNot = {
  idempotency_conflict: "This Idempotency-Key was used for another key before: choose a new one.",
  too_many_keys:
    "As many keys of this tenant were made in the last hour as may. Nothing was made; on the machine there is no such bound.",
} as const;
