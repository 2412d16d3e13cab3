import { DatabaseAway } from "@longshore/shared/db/database-away";
import { hashKey } from "@longshore/shared/db/key-hash";
import { fail, succeed } from "@longshore/shared/domain/result";
import { OpenAPIHono } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import type { ApiEnv } from "../api-env.ts";
import { requestId } from "../middleware/request-id.ts";
import type { Identity } from "./authenticate.ts";
import { guardRoutes } from "./guard-routes.ts";
import { createKnownIdentities } from "./known-identities.ts";
import { requireRouteAccess, routeAccess } from "./route-access.ts";

const key = `lsk_abcd2345_${"k".repeat(43)}`;
const identity: Identity = { tenant: "acme", keyId: "k", scopes: ["jobs:read"] };

/** Two routes behind the guard, and a database that can go away; 418 stands for an error that was thrown. */
const guarded = (configured: boolean) => {
  let [away, time] = [false, 0];
  const orAway = <Value>(value: Value) =>
    away ? Promise.reject(new DatabaseAway("gone")) : Promise.resolve(value);
  const app = new OpenAPIHono<ApiEnv>();
  app.use(requestId());
  app.use(
    guardRoutes({
      keys: {
        areConfigured: () => orAway(configured),
        areConfiguredNow: () => orAway(configured),
        lastSeen: () => configured,
      },
      authenticate: (given) =>
        orAway(given.type === "key" ? succeed(identity) : fail({ code: "key_missing" as const, key: null })),
      known: createKnownIdentities(hashKey, () => time),
      corsOrigins: [],
      onRefused: () => undefined,
    }),
  );
  app.get("/ready", (c) => c.text("ready"));
  app.get("/status/:id", (c) => c.text(c.get("caller").tenant));
  app.onError((error, c) => (error instanceof DatabaseAway ? c.text("", 418) : c.text(error.message, 500)));
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    (await app.request(path, { headers })).status;
  return { ask, goAway: () => (away = true), pass: (ms: number) => (time += ms) };
};

test("while the database is away, who was let in lately still sees how the service is, and no job", async () => {
  const { ask, goAway, pass } = guarded(true);
  const mine = { "X-API-Key": key };
  expect(await ask("/status/1", mine)).toBe(200);
  goAway();
  expect(await ask("/ready", mine)).toBe(200);
  expect(await ask("/status/1", mine)).toBe(418);
  expect(await ask("/ready", { "X-API-Key": key.replace("kk", "xx") })).toBe(418);
  expect(await ask("/ready")).toBe(418);
  pass(5 * 60_000 + 1);
  expect(await ask("/ready", mine)).toBe(418);
});

test("a service without keys shows how it is while the database is away, and nothing else", async () => {
  const { ask, goAway } = guarded(false);
  expect(await ask("/status/1")).toBe(200);
  goAway();
  expect(await ask("/ready")).toBe(200);
  expect(await ask("/status/1")).toBe(418);
});

test("a route that nobody said the needs of keeps the service from starting", () => {
  const app = new OpenAPIHono<ApiEnv>();
  for (const route of Object.keys(routeAccess)) {
    const [method = "", path = ""] = route.split(" ");
    app.on(method, path, (c) => c.text(""));
  }
  requireRouteAccess(app);
  app.get("/secrets", (c) => c.text("all of them"));
  expect(() => requireRouteAccess(app)).toThrow("GET /secrets");
});
