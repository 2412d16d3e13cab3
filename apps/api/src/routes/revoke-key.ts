import { createRoute } from "@hono/zod-openapi";
import { keyView } from "@longshore/shared/contracts/key-view";
import { toKeyView } from "@longshore/shared/db/to-key-view";
import type { Logger } from "@longshore/shared/runtime/logger";
import { z } from "zod";
import { actorOf } from "../access/actor-of.ts";
import { answerNoKeys } from "../access/answer-no-keys.ts";
import type { Api } from "../api-env.ts";
import { keyParams } from "../openapi/parameters.ts";
import { problemResponses } from "../openapi/problem-responses.ts";
import { answerProblem } from "../problem.ts";
import type { createRevokeKey, KeyNotRevoked } from "../use-cases/revoke-key.ts";

export interface RevokeKeyRouteDeps {
  readonly revokeKey: ReturnType<typeof createRevokeKey>;
  readonly logger: Logger;
}

const query = z.strictObject({
  last_admin: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "`true`: even where its tenant has no other valid key with `admin`." }),
});

const route = createRoute({
  method: "delete",
  path: "/keys/{key}",
  tags: ["service"],
  summary: "Revoke an API key",
  description:
    "The next request with it is refused, and streams that were opened with it end within seconds; its jobs go on. A second " +
    "time changes nothing and is answered the same. An admin revokes keys of its own tenant, its own one too; an admin of " +
    "`local`, who runs the service, of any. It stays in the list, as the audit trail tells of it.",
  request: { params: keyParams, query },
  responses: {
    200: { description: "The key, revoked.", content: { "application/json": { schema: keyView } } },
    ...problemResponses(
      "invalid_id",
      "key_not_found",
      "key_ambiguous",
      "last_admin_key",
      "keys_unconfigured",
      "body_too_large",
    ),
  },
});

/** DELETE /keys/{key} */
export function revokeKeyRoute(app: Api, { revokeKey, logger }: RevokeKeyRouteDeps): void {
  app.openapi(route, async (c) => {
    const { key: named } = c.req.valid("param");
    const evenLastAdmin = c.req.valid("query").last_admin === "true";
    const revoked = await revokeKey(named, actorOf(c), { evenLastAdmin });
    if (!revoked.ok) {
      if (revoked.failure === "keys_unconfigured") return answerNoKeys(c);
      return answerProblem(c, revoked.failure, whyNot(revoked.failure, named));
    }
    const { key, isNew } = revoked.value;
    if (isNew) {
      const { id, prefix } = key;
      logger.info(
        { audit: "key.revoked", key: id, prefix, of: key.tenant, ...actorOf(c) },
        "a key was revoked",
      );
    }
    return c.json(toKeyView(key), 200);
  });
}

function whyNot(failure: Exclude<KeyNotRevoked, "keys_unconfigured">, named: string): string {
  if (failure === "key_not_found") return `There is no key ${named}.`;
  if (failure === "key_ambiguous")
    return `Several keys have the prefix ${named}: give the id of the one that is meant.`;
  return (
    "It is the last valid key of its tenant with the scope admin: without it nobody of the tenant can make or revoke keys. " +
    `Make another one first, or say that you mean it: DELETE /keys/${named}?last_admin=true`
  );
}
