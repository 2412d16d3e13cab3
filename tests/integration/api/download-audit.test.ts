// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { listAuditEvents } from "@longshore/shared/db/audit-trail";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { storeArchive } from "../../support/store-archive.ts";
import { makeKey } from "../../support/test-keys.ts";

const zip = Buffer.from("not really a zip");
const archive = { key: "told.zip", bytes: zip.length };

let api: TestApi;
let owner: Awaited<ReturnType<typeof makeKey>>;
beforeAll(async () => {
  api = await createTestApi();
  owner = await makeKey(api.database.sql, "acme", ["jobs:read", "jobs:write"]);
  await storeArchive(api.archives, archive.key, zip);
});
afterAll(() => api.remove());

const storeDownloadable = () => storeEndedJob(api.database.sql, { archive, tenant: "acme" });
const ask = (
  path: string,
  requestId: string,
  more: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
) =>
  api.app.request(path, {
    ...more,
    headers: { "X-API-Key": owner.key, "X-Request-Id": requestId, ...more.headers },
  });
const told = async (jobId: string) => {
  const events = await listAuditEvents(api.database.orm, { tenant: "acme", keyId: null }, 100);
  return events.filter((event) => event.action === "archive.downloaded" && event.jobId === jobId);
};

test("a download is in the audit trail once, by the key that it was made with, however many parts it comes in", async () => {
  const id = await storeDownloadable();
  for (const first of ["1", "4", "9"]) {
    const part = await ask(`/download/${id}`, `part-${first}`, { headers: { Range: `bytes=${first}-` } });
    expect(part.status).toBe(206);
  }
  await expect.poll(() => told(id), { timeout: 10_000 }).toHaveLength(1);
  expect(await told(id)).toMatchObject([
    { tenant: "acme", keyId: owner.id, requestId: "part-1", details: { by: "caller", times: 1 } },
  ]);
});

test("a download by a link is told as such, of the job's tenant and of no key", async () => {
  const id = await storeDownloadable();
  const made = await answerJson(ask(`/jobs/${id}/download-link`, "made", { method: "POST" }));
  const got = await api.app.request(String(made["download_link"]), {
    headers: { "X-Request-Id": "by-link" },
  });
  expect(got.status).toBe(200);
  await expect.poll(() => told(id), { timeout: 10_000 }).toHaveLength(1);
  expect(await told(id)).toMatchObject([
    { tenant: "acme", keyId: null, requestId: "by-link", details: { by: "link", times: 1 } },
  ]);
});

test("what gives nothing of the archive is none: HEAD, a copy that is still good, a range outside of it", async () => {
  const id = await storeDownloadable();
  const path = `/download/${id}`;
  const head = await ask(path, "head", { method: "HEAD" });
  const tag = head.headers.get("ETag") ?? "";
  const known = await ask(path, "known", { headers: { "If-None-Match": tag } });
  const outside = await ask(path, "outside", { headers: { Range: "bytes=1000-" } });
  expect([head.status, known.status, outside.status]).toEqual([200, 304, 416]);
  // Of one kind with them: had one of them been told, this would only be counted.
  expect((await ask(path, "whole")).status).toBe(200);
  await expect.poll(() => told(id), { timeout: 10_000 }).toMatchObject([{ requestId: "whole" }]);
});
