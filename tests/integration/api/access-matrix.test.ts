// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { problem } from "@longshore/shared/contracts/problem";
import { recordWorker } from "@longshore/shared/db/worker-reports";
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { makeZip } from "../../support/make-zip.ts";
import { storeArchive } from "../../support/store-archive.ts";
import { makeExpiredKey, makeKey, makeRevokedKey } from "../../support/test-keys.ts";
import { accessMatrix, identities, type Identity } from "./access-matrix.ts";

const tenant = "acme";
const zip = await makeZip({ "a.txt": "a" });
const archive = {
  key: "shared.zip",
  bytes: zip.length,
  sha256: createHash("sha256").update(zip).digest("hex"),
};
const well = { state: "ok", reason: null } as const;

const documented = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const listed = z.looseObject({ jobs: z.array(z.looseObject({ job_id: z.string() })) });

let api: TestApi;
let keys: Readonly<Record<Identity, string | null>>;

beforeAll(async () => {
  api = await createTestApi();
  const { sql } = api.database;
  const [all, read, write] = [["jobs:read", "jobs:write"], ["jobs:read"], ["jobs:write"]] as const;
  keys = {
    none: null,
    wrong: `lsk_aaaaaaaa_${"x".repeat(43)}`,
    revoked: (await makeRevokedKey(sql, tenant, all)).key,
    expired: (await makeExpiredKey(sql, tenant, all)).key,
    "other tenant": (await makeKey(sql, "rival", all)).key,
    "admin of another": (await makeKey(sql, "rival", ["admin"])).key,
    "read-only": (await makeKey(sql, tenant, read)).key,
    "write-only": (await makeKey(sql, tenant, write)).key,
    owner: (await makeKey(sql, tenant, all)).key,
    admin: (await makeKey(sql, tenant, ["admin"])).key,
  };
  const report = { engine: well, models: well, queue: well, running: 0, concurrency: 1, metrics: [] };
  await recordWorker(sql, { id: randomUUID(), name: "w", version: "0" }, report);
  await storeArchive(api.archives, archive.key, zip);
});
afterAll(() => api.remove());

const forms = [
  (key: string) => ({ Authorization: `Bearer ${key}` }),
  (key: string) => ({ "X-API-Key": key }),
] as const;

const bodies: Readonly<Record<string, string>> = {
  "POST /schedule": '{"prompt":"x"}',
  "POST /keys": '{"name":"ci"}',
  "PATCH /tenants/{name}": '{"queued":5}',
};

/** Asks a route, about a Job that is made for this. */
const ask = async (method: string, route: string, headers: Readonly<Record<string, string>>) => {
  const id = route.includes("{id}") ? await storeEndedJob(api.database.sql, { archive, tenant }) : "";
  const sent = bodies[`${method} ${route}`];
  const body = sent === undefined ? {} : { body: sent };
  const type = "body" in body ? { "Content-Type": "application/json" } : {};
  const init = { method, headers: { ...type, ...headers }, ...body };
  const key = route.includes("{key}") ? (await makeKey(api.database.sql, tenant, ["jobs:read"])).id : "";
  const path = route
    .replace("{id}", id)
    .replace("{path}", "a.txt")
    .replace("{key}", key)
    .replace("{name}", tenant);
  return { id, response: await api.app.request(path, init) };
};

const listRoutes = async (): Promise<readonly string[]> => {
  const document: unknown = await (await api.app.request("/openapi.json")).json();
  return Object.entries(documented.parse(document).paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
};

test("every route of the OpenAPI document has its line in the matrix, and no other has one", async () => {
  expect(Object.keys(accessMatrix).toSorted()).toEqual((await listRoutes()).toSorted());
});

describe.each(Object.entries(accessMatrix))("%s", (route, expected) => {
  const [method = "", path = ""] = route.split(" ");
  const methods = method === "GET" ? ["GET", "HEAD"] : [method];

  test.each(identities)("answers as promised to: %s", async (identity) => {
    const key = keys[identity];
    const sent = key === null ? [{}] : forms.map((form) => form(key));
    for (const headers of sent) {
      for (const each of methods) {
        const { response } = await ask(each, path, headers);
        const text = await response.text();
        expect({ each, headers, status: response.status }).toEqual({
          each,
          headers,
          status: expected[identity],
        });
        if (response.status >= 400 && each !== "HEAD") checkRefusal(response, text, key);
        if (each === "HEAD") expect(text).toBe("");
      }
    }
  });
});

/** A refusal says what to do, by the standard's own header where there is one, and never says the key. */
function checkRefusal(response: Response, text: string, key: string | null): void {
  expect(problem.parse(JSON.parse(text))).toMatchObject({ status: response.status });
  const challenge = response.headers.get("WWW-Authenticate");
  if (response.status === 401) expect(challenge).toMatch(/^Bearer realm="longshore"/);
  if (response.status === 403) expect(challenge).toMatch(/error="insufficient_scope", scope="[a-z:]+"$/);
  if (key !== null) expect(`${text}${String(challenge)}`).not.toContain(key.slice(-43));
}

test.each([
  "GET /status/{id}",
  "GET /logs/{id}",
  "GET /events/{id}",
  "GET /download/{id}",
  "GET /jobs/{id}/request",
  "GET /jobs/{id}/plans",
  "GET /jobs/{id}/usage",
  "GET /jobs/{id}/files",
  "GET /jobs/{id}/files/{path}",
  "POST /cancel/{id}",
  "POST /jobs/{id}/download-link",
  "DELETE /jobs/{id}",
])("%s of somebody else's job is word for word the answer for one that is not there", async (route) => {
  const [method = "", path = ""] = route.split(" ");
  const headers = { "X-API-Key": keys["admin of another"] ?? "", "X-Request-Id": "same" };
  const { id, response } = await ask(method, path, headers);
  const unknown = randomUUID();
  const missing = await api.app.request(path.replace("{id}", unknown), { method, headers });
  expect((await response.text()).replaceAll(id, unknown)).toBe(await missing.text());
  expect(Object.fromEntries(response.headers)).toEqual(Object.fromEntries(missing.headers));
});

test("a list holds the jobs of the caller's tenant alone, whatever it asks for", async () => {
  await storeEndedJob(api.database.sql, { tenant });
  const mine = await storeEndedJob(api.database.sql, { tenant: "rival" });
  await api.database
    .sql`DELETE FROM jobs WHERE tenant = 'rival' AND id <> ${mine} AND finished_at IS NOT NULL`;
  const list = async (query: string, identity: Identity) => {
    const headers = { "X-API-Key": keys[identity] ?? "" };
    const response = await api.app.request(`/jobs${query}`, { headers });
    return listed.parse(await response.json()).jobs.map(({ job_id: id }) => id);
  };
  for (const query of ["?status=cancelled", "?status=cancelled&q=x", "?status=cancelled&limit=200"]) {
    for (const identity of ["other tenant", "admin of another"] as const) {
      expect(await list(query, identity)).toEqual([mine]);
    }
    expect(await list(query, "owner")).not.toContain(mine);
  }
});

test("none of these keys is in a line of the log", () => {
  const log = api.logged.join("");
  expect(log).toContain('"answered"');
  for (const key of Object.values(keys)) if (key !== null) expect(log).not.toContain(key.slice(-43));
});
