// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { noTenantLimits, type TenantLimits } from "@longshore/shared/domain/tenant-limits";
import { expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { makeKey } from "../../support/test-keys.ts";

/** An API with these limits, and a way to submit by a key of a tenant. */
const startLimited = async (limits: Partial<TenantLimits>) => {
  const api: TestApi = await createTestApi({ tenantLimits: { ...noTenantLimits, ...limits } });
  const submitAs = async (tenant: string) => {
    const { key } = await makeKey(api.database.sql, tenant, ["jobs:write"]);
    return async (headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      await api.app.request("/schedule", {
        ...{ method: "POST", body: '{"prompt":"x"}' },
        headers: { "X-API-Key": key, "Content-Type": "application/json", ...headers },
      });
  };
  return { api, submitAs, [Symbol.asyncDispose]: api.remove };
};

test("a tenant at a limit is answered 429 with when to ask again, and another tenant is not", async () => {
  await using limited = await startLimited({ queued: 1 });
  const [submit, submitOther] = [await limited.submitAs("acme"), await limited.submitAs("rival")];
  expect((await submit()).status).toBe(202);
  const refused = await submit();
  expect(refused.headers.get("Retry-After")).toBe("5");
  expect(await answerJson(Promise.resolve(refused))).toMatchObject({
    status: 429,
    code: "tenant_queue_full",
  });
  expect((await submitOther()).status).toBe(202);
  expect(limited.api.dispatched).toHaveLength(2);
});

test.each(["queued", "unfinished"] as const)(
  "of 32 that are submitted at once where %s may be 10, 10 are accepted, and each is stored",
  async (limit) => {
    await using limited = await startLimited({ [limit]: 10 });
    const submit = await limited.submitAs("acme");
    const answers = await Promise.all(Array.from({ length: 32 }, () => submit()));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(22);
    for (const { headers } of refused) expect(headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
    expect(await limited.api.database.sql`SELECT FROM jobs`).toHaveLength(10);
    expect(limited.api.dispatched).toHaveLength(10);
  },
);

test("of those that are the same by their Idempotency-Key one is counted, whenever they come", async () => {
  await using limited = await startLimited({ perMinute: 2, queued: 2 });
  const submit = await limited.submitAs("acme");
  const same = await Promise.all(Array.from({ length: 16 }, () => submit({ "Idempotency-Key": "one" })));
  expect(same.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(same.filter(({ status }) => status === 200)).toHaveLength(15);
  expect((await submit({ "Idempotency-Key": "two" })).status).toBe(202);
  // At the limit, what is there already is still answered.
  expect((await submit()).status).toBe(429);
  expect((await submit({ "Idempotency-Key": "one" })).status).toBe(200);
});
