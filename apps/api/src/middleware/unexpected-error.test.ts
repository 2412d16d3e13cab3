import { DatabaseAway } from "@longshore/shared/db/database-away";
import { TenantRowHeld } from "@longshore/shared/db/tenant-row-held";
import { createLogger } from "@longshore/shared/runtime/logger";
import { Hono } from "hono";
import { expect, test } from "vitest";
import type { ApiEnv } from "../api-env.ts";
import { createErrorAnswer } from "./unexpected-error.ts";

/** What a request that fails so is answered, and what counts as trouble of the database. */
async function answerTo(error: Error) {
  const troubles: unknown[] = [];
  const app = new Hono<ApiEnv>();
  app.onError(
    createErrorAnswer({
      onDatabaseTrouble: (trouble) => troubles.push(trouble),
      logger: createLogger("api", "fatal"),
    }),
  );
  app.get("/", () => {
    throw error;
  });
  const answer = await app.request("/");
  return { status: answer.status, headers: answer.headers, body: await answer.text(), troubles };
}

test("a row of the tenant that is held is told as that, with when to ask again, and is no trouble of the database", async () => {
  const { status, headers, body, troubles } = await answerTo(new TenantRowHeld());
  expect(status).toBe(503);
  expect(headers.get("Retry-After")).toBe("2");
  expect(body).toContain('"code":"tenant_busy"');
  expect(body).toContain("What counts the jobs of your tenant is busy now");
  expect(troubles).toEqual([]);
});

test("a database that is away is trouble of the database", async () => {
  const away = new DatabaseAway("gone");
  const { status, body, troubles } = await answerTo(away);
  expect(status).toBe(503);
  expect(body).toContain("The database does not answer now");
  expect(troubles).toEqual([away]);
});
