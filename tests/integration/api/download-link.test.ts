// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { listAuditEvents } from "@longshore/shared/db/audit-trail";
import { readLinkSecret } from "@longshore/shared/db/read-installation-id";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDownloadLinks, toLinkKeys } from "../../../apps/api/src/access/download-links.ts";
import { answerJson } from "../../support/answer-json.ts";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { storeArchive } from "../../support/store-archive.ts";
import { makeKey } from "../../support/test-keys.ts";

const zip = Buffer.from("not really a zip");
const sha256 = createHash("sha256").update(zip).digest("hex");
const archive = { key: "shared.zip", bytes: zip.length, sha256 };
const [present, former] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
const secretBox = createSecretBox({ current: present, previous: [former] });

let api: TestApi;
let headers: Readonly<Record<string, string>>;
beforeAll(async () => {
  api = await createTestApi({ secretBox });
  const { key } = await makeKey(api.database.sql, "acme", ["jobs:read", "jobs:write"]);
  headers = { "X-API-Key": key, "X-Request-Id": "made" };
  await storeArchive(api.archives, archive.key, zip);
});
afterAll(() => api.remove());

const storeShared = () => storeEndedJob(api.database.sql, { archive, tenant: "acme" });
const askForLink = (id: string, query = "") =>
  api.app.request(`/jobs/${id}/download-link${query}`, { method: "POST", headers });
const linkOf = async (id: string) => String((await answerJson(askForLink(id)))["download_link"]);
/** Signs as a service does whose database is this one, and whose key is `secretsKey`; `msAgo` in the past. */
const signElsewhere = async (
  id: string,
  { secretsKey = present, msAgo = 0 }: { readonly secretsKey?: Buffer | null; readonly msAgo?: number } = {},
) => {
  const box = secretsKey === null ? null : createSecretBox({ current: secretsKey, previous: [] });
  const links = createDownloadLinks({
    readKeys: async () => toLinkKeys(await readLinkSecret(api.database.sql), box),
    readTime: () => Promise.resolve(new Date(Date.now() - msAgo)),
  });
  return (await links.sign(id, 60)).link;
};
const problemOf = async (link: string) => {
  const { status, code } = await answerJson(api.app.request(link));
  return { status, code };
};

describe("a link to an archive", () => {
  test("gives it to whoever has the link, without a key, whole or in parts, and its making is in the trail", async () => {
    const id = await storeShared();
    const made = await askForLink(id, "?expires_in_seconds=60");
    expect(made.status).toBe(201);
    const { download_link: link, expires_at: expiresAt } = await answerJson(made);
    expect(made.headers.get("Location")).toBe(link);
    const lastsMs = Date.parse(String(expiresAt)) - Date.now();
    expect(lastsMs).toBeGreaterThan(0);
    expect(lastsMs).toBeLessThanOrEqual(60_000);
    expect(await listAuditEvents(api.database.orm, { tenant: "acme", keyId: null }, 1)).toMatchObject([
      { action: "job.shared", jobId: id, requestId: "made", details: { expires_at: expiresAt } },
    ]);
    const got = await api.app.request(String(link));
    expect(got.status).toBe(200);
    expect(got.headers.get("ETag")).toBe(`"${sha256}"`);
    expect(Buffer.from(await got.arrayBuffer()).equals(zip)).toBe(true);
    const part = await api.app.request(String(link), { headers: { Range: "bytes=4-9" } });
    expect([part.status, await part.text()]).toEqual([206, "really"]);
    const head = await api.app.request(String(link), { method: "HEAD" });
    expect([head.status, head.headers.get("Content-Length")]).toEqual([200, String(zip.length)]);
  });

  test("opens nothing after its time", async () => {
    const link = await signElsewhere(await storeShared(), { msAgo: 61_000 });
    expect(await problemOf(link)).toEqual({ status: 410, code: "link_expired" });
  });

  test("opens nothing after the archive has expired", async () => {
    const id = await storeShared();
    const link = await linkOf(id);
    await api.database.sql`UPDATE jobs SET expired_at = longshore_now() WHERE id = ${id}`;
    expect(await problemOf(link)).toEqual({ status: 410, code: "expired" });
  });

  test("is still good where a key of before has signed it", async () => {
    const link = await signElsewhere(await storeShared(), { secretsKey: former });
    expect((await api.app.request(link)).status).toBe(200);
  });

  test("opens nothing where anything of it was changed, or somebody else signed it", async () => {
    const [id, other] = [await storeShared(), await storeShared()];
    const link = await linkOf(id);
    const forged = [
      link.replace(id, other),
      link.replace(/expires=\d+/, (given) => `expires=${String(Number(given.slice(8)) + 1)}`),
      link.replace(/signature=.*/, "signature="),
      link.replace(/signature=.*/, `signature=${"A".repeat(43)}`),
      // The last character of 43 holds four bits of the signature, and two that mean nothing.
      link.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
      link.slice(0, -2),
      await signElsewhere(id, { secretsKey: Buffer.alloc(32, 1) }),
      // By what a reader of the database has.
      await signElsewhere(id, { secretsKey: null }),
    ];
    for (const each of forged) expect(await problemOf(each)).toEqual({ status: 403, code: "link_forged" });
    expect((await api.app.request(link)).status).toBe(200);
  });

  test("dies with its job", async () => {
    const id = await storeShared();
    const link = await linkOf(id);
    expect((await api.app.request(`/jobs/${id}`, { method: "DELETE", headers })).status).toBe(204);
    expect(await problemOf(link)).toEqual({ status: 404, code: "job_not_found" });
  });

  test("is made for a week at most, and only where there is an archive", async () => {
    const id = await storeShared();
    for (const seconds of ["0", "604801", "-1", "1h"]) {
      expect(await answerJson(askForLink(id, `?expires_in_seconds=${seconds}`))).toMatchObject({
        ...{ status: 422, errors: [{ pointer: "/query/expires_in_seconds" }] },
      });
    }
    const without = await storeEndedJob(api.database.sql, { tenant: "acme" });
    expect(await answerJson(askForLink(without))).toMatchObject({ status: 404, code: "no_archive" });
  });

  test("stands in no line of the log", async () => {
    const link = await linkOf(await storeShared());
    await api.app.request(link);
    const signature = new URLSearchParams(link.split("?")[1]).get("signature") ?? "none";
    expect(signature).toHaveLength(43);
    expect(api.logged.join("")).not.toContain(signature);
  });
});
