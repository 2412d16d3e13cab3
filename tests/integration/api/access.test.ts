// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { type AuditEvent, listAuditEvents } from "@longshore/shared/db/audit-trail";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import { localTenant } from "@longshore/shared/domain/access";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerJson, jobIdOf } from "../../support/answer-json.ts";
import { startJob, storeJob } from "../../support/job-states.ts";
import { readStream } from "../../support/read-stream.ts";
import { makeKey } from "../../support/test-keys.ts";

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
});
afterEach(() => api.remove());

const soon = { timeout: 20_000, interval: 50 };
interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
const ask = (path: string, key?: string, { headers = {}, ...asked }: Asked = {}) =>
  api.app.request(path, {
    ...asked,
    headers: { ...headers, ...(key === undefined ? {} : { "X-API-Key": key }) },
  });
const post = (key: string | undefined, headers: Readonly<Record<string, string>> = {}, prompt = "x") =>
  ask("/schedule", key, {
    ...{ method: "POST", body: JSON.stringify({ prompt }) },
    headers: { "Content-Type": "application/json", ...headers },
  });
const statusOf = async (path: string, key?: string) => (await ask(path, key)).status;
const audit = (): Promise<readonly AuditEvent[]> =>
  listAuditEvents(api.database.orm, { tenant: null, keyId: null }, 100);
const told = async (action: AuditEvent["action"]) =>
  (await audit()).filter((event) => event.action === action);

describe("keys", () => {
  test("are asked for from the first one on, which sees what was there before where it is of that tenant", async () => {
    const id = await jobIdOf(post(undefined));
    expect(await statusOf(`/status/${id}`)).toBe(200);
    const { key } = await makeKey(api.database.sql, localTenant, ["jobs:read"]);
    await expect.poll(() => statusOf(`/status/${id}`), soon).toBe(401);
    expect(await statusOf(`/status/${id}`, key)).toBe(200);
    expect(await statusOf("/health")).toBe(200);
  });

  test("decide whose a job is from the first request on that brings one", async () => {
    expect(await statusOf("/jobs")).toBe(200);
    const { key } = await makeKey(api.database.sql, "acme", ["jobs:read", "jobs:write"]);
    const id = await jobIdOf(post(key));
    expect(await statusOf(`/status/${id}`, key)).toBe(200);
  });

  test("that are revoked are refused at the next request, the last one too", async () => {
    const made = await makeKey(api.database.sql, "acme", ["jobs:read"]);
    expect(await statusOf("/jobs", made.key)).toBe(200);
    await revokeKey(api.database.sql, made.id);
    expect(await answerJson(ask("/jobs", made.key))).toMatchObject({ status: 401, code: "key_revoked" });
    expect(await statusOf("/jobs")).toBe(401);
  });

  test("are shown by name in no answer and no line of the log, wherever a caller put one", async () => {
    const { key } = await makeKey(api.database.sql, "acme", ["jobs:read"]);
    const secret = key.slice(-43);
    const answers = [
      await ask(`/status/${key}`, key),
      await ask(`/nothing/${key}`),
      await ask(`/jobs?api_key=${key}`, key),
      await ask("/jobs", `${key}x`),
      await ask("/jobs", key, { headers: { "X-Request-Id": key } }),
    ];
    for (const answer of answers) {
      expect(`${JSON.stringify([...answer.headers])}${await answer.text()}`).not.toContain(secret);
    }
    expect(api.logged.join("")).toContain("[redacted]");
    expect(api.logged.join("")).not.toContain(secret);
  });
});

describe("a stream", () => {
  const open = async (key?: string) => {
    const id = await storeJob(api.database.sql);
    await startJob(api.database.sql, id);
    const messages = readStream(await ask(`/events/${id}`, key));
    await messages.next();
    await messages.next();
    let ended = false;
    void messages.next().then(({ done }) => (ended = done === true));
    return () => ended;
  };

  test("ends some seconds after its key was revoked, and those of other keys go on", async () => {
    const [one, other] = [
      await makeKey(api.database.sql, localTenant, ["jobs:read"]),
      await makeKey(api.database.sql, localTenant, ["jobs:read"]),
    ];
    const [hasEnded, otherHasEnded] = [await open(one.key), await open(other.key)];
    await revokeKey(api.database.sql, one.id);
    await expect.poll(hasEnded, soon).toBe(true);
    expect(otherHasEnded()).toBe(false);
  });

  test("that was opened without a key ends some seconds after the first one was made", async () => {
    const hasEnded = await open();
    await makeKey(api.database.sql, "acme", ["jobs:read"]);
    await expect.poll(hasEnded, soon).toBe(true);
  });
});

test("a job belongs to the tenant of the key that it came with, and so does an idempotency key", async () => {
  const { sql } = api.database;
  const [one, two, rival] = [
    await makeKey(sql, "acme", ["jobs:write"]),
    await makeKey(sql, "acme", ["jobs:write"]),
    await makeKey(sql, "rival", ["jobs:write"]),
  ];
  const same = { "Idempotency-Key": "same" };
  const id = await jobIdOf(post(one.key, same));
  expect(await sql`SELECT tenant, owner_key_id FROM jobs WHERE id = ${id}`).toEqual([
    { tenant: "acme", ownerKeyId: one.id },
  ]);
  expect(await jobIdOf(post(two.key, same))).toBe(id);
  expect((await post(two.key, same, "another")).status).toBe(409);
  const theirs = await post(rival.key, same, "another");
  expect(theirs.status).toBe(202);
  expect(await jobIdOf(theirs)).not.toBe(id);
});

describe("the audit trail", () => {
  test("tells who cancelled and who deleted a job, by which key and request, once", async () => {
    const { id: keyId, key } = await makeKey(api.database.sql, "acme", ["jobs:write"]);
    const jobId = await jobIdOf(post(key));
    for (const requestId of ["c1", "c2"]) {
      await ask(`/cancel/${jobId}`, key, { method: "POST", headers: { "X-Request-Id": requestId } });
    }
    await ask(`/jobs/${jobId}`, key, { method: "DELETE", headers: { "X-Request-Id": "d1" } });
    const by = { tenant: "acme", keyId, jobId };
    expect(await told("job.cancelled")).toMatchObject([{ ...by, requestId: "c1" }]);
    expect(await told("job.deleted")).toMatchObject([{ ...by, requestId: "d1" }]);
  });

  test("tells of the use of a key, and of keys that were refused, without their secrets", async () => {
    const { id: keyId, key } = await makeKey(api.database.sql, "acme", ["jobs:read"]);
    for (let times = 0; times < 5; times += 1) await ask("/jobs", key);
    await ask("/metrics", key);
    for (let times = 0; times < 5; times += 1) await ask("/jobs", `lsk_aaaaaaaa_${"x".repeat(43)}`);
    await expect.poll(() => told("key.refused"), soon).toHaveLength(2);
    expect(await told("key.refused")).toMatchObject([
      { tenant: null, keyId: null, details: { code: "key_invalid", route: "GET /jobs", times: 1 } },
      { tenant: "acme", keyId, details: { code: "scope_missing", route: "GET /metrics" } },
    ]);
    await expect.poll(() => told("key.used"), soon).toMatchObject([{ tenant: "acme", keyId }]);
  });
});

describe("a web page", () => {
  const from = (host: string, origin?: string) =>
    api.app.request("/jobs", {
      headers: { Host: host, ...(origin === undefined ? {} : { Origin: origin }) },
    });

  test("that reaches a service without keys under its own name, or across sites, is refused", async () => {
    expect((await from("localhost:8000")).status).toBe(200);
    expect((await from("localhost:8000", "http://localhost:8000")).status).toBe(200);
    expect(await answerJson(from("evil.example"))).toMatchObject({ status: 403, code: "host_not_allowed" });
    expect(await answerJson(from("localhost:8000", "https://evil.example"))).toMatchObject({
      ...{ status: 403, code: "origin_not_allowed" },
    });
    const answer = await from("localhost:8000", "https://evil.example");
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  test("is no matter where there are keys: a service may have any name", async () => {
    const { key } = await makeKey(api.database.sql, "acme", ["jobs:read"]);
    const headers = { Host: "jobs.example.org", "X-API-Key": key };
    expect((await api.app.request("/jobs", { headers })).status).toBe(200);
    expect((await from("jobs.example.org")).status).toBe(401);
  });

  test("reads nothing unless the operator names its origin, and is then told what it may send", async () => {
    const preflight = { Origin: "https://app.example.org", "Access-Control-Request-Method": "POST" };
    expect((await api.app.request("/schedule", { method: "OPTIONS", headers: preflight })).status).toBe(405);
    const open = await createTestApi({ corsOrigins: ["https://app.example.org"] });
    try {
      await makeKey(open.database.sql, "acme", ["jobs:read"]);
      const allowed = await open.app.request("/schedule", { method: "OPTIONS", headers: preflight });
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example.org");
      expect(allowed.headers.get("Access-Control-Allow-Headers")).toContain("X-API-Key");
      const refused = await open.app.request("/jobs", { headers: { Origin: "https://app.example.org" } });
      expect(refused.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example.org");
      const others = await open.app.request("/jobs", { headers: { Origin: "https://evil.example" } });
      expect(others.headers.get("Access-Control-Allow-Origin")).toBeNull();
    } finally {
      await open.remove();
    }
  });
});

test.each(["/", "/docs", "/nothing", "/jobs", "/jobs?x=1", "/status/x"])(
  "the answer to %s is not guessed at, framed, or loaded into other pages",
  async (path) => {
    const { headers } = await ask(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      ...{ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer" },
      "cross-origin-resource-policy": "same-origin",
      "content-security-policy": expect.stringContaining("default-src 'none'") as string,
    });
  },
);
