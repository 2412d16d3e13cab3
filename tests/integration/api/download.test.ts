// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, startServer } from "../../../apps/api/src/server.ts";
import { finishJob, startJob, storeJob } from "../../support/job-states.ts";

const content = randomBytes(3_000_000);
let api: TestApi;
let server: HttpServer;
let id: string;
let url: string;

const storeArchive = async (bytes: Buffer, key: string) => {
  const writer = await api.archives.create(key);
  if (!writer.ok) throw new Error(writer.failure.message);
  writer.value.sink.write(bytes);
  const stored = await writer.value.commit();
  if (!stored.ok) throw new Error(stored.failure.message);
  return { key, ...stored.value, outputFiles: 1, outputBytes: bytes.length };
};

beforeAll(async () => {
  api = await createTestApi();
  id = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, id);
  await finishJob(api.database.sql, fence, "succeeded", await storeArchive(content, `${id}-1.zip`));
  const started = await startServer(api.app, { host: "127.0.0.1", port: 0 });
  if (!started.ok) throw new Error(started.failure.message);
  server = started.value;
  url = `http://127.0.0.1:${String(server.port)}/download/${id}`;
});
afterAll(async () => {
  await server.close(0);
  await api.remove();
});

const get = (headers: Record<string, string> = {}, method = "GET") => fetch(url, { headers, method });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test("an archive is downloaded whole, with its name, length and tag", async () => {
  const response = await get();
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...{ "content-type": "application/zip", "content-length": "3000000", "accept-ranges": "bytes" },
    "content-disposition": `attachment; filename="${id}.zip"`,
  });
  expect(response.headers.get("ETag")).toMatch(/^"[0-9a-f]{64}"$/);
  expect((await bytesOf(response)).equals(content)).toBe(true);
});

test("HEAD has the headers and no body", async () => {
  const response = await get({}, "HEAD");
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Length")).toBe("3000000");
  expect(await bytesOf(response)).toHaveLength(0);
});

test.each([
  ["bytes=0-0", 0, 0],
  ["bytes=100-199", 100, 199],
  ["bytes=2999990-", 2_999_990, 2_999_999],
  ["bytes=-10", 2_999_990, 2_999_999],
  ["bytes=2999999-9999999", 2_999_999, 2_999_999],
  ["bytes=-99999999", 0, 2_999_999],
])("the range %s gives its bytes", async (range, first, last) => {
  const response = await get({ Range: range });
  expect(response.status).toBe(206);
  expect(response.headers.get("Content-Range")).toBe(`bytes ${String(first)}-${String(last)}/3000000`);
  expect((await bytesOf(response)).equals(content.subarray(first, last + 1))).toBe(true);
});

test.each(["bytes=3000000-", "bytes=-0"])("the range %s is outside: 416", async (range) => {
  const response = await get({ Range: range });
  expect(response.status).toBe(416);
  expect(response.headers.get("Content-Range")).toBe("bytes */3000000");
  expect(await response.json()).toMatchObject({ code: "range_not_satisfiable" });
});

test.each(["bytes=5-1", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"])(
  "the range %s is ignored",
  async (range) => {
    const response = await get({ Range: range });
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toHaveLength(3_000_000);
  },
);

test("If-Range gives a part only where the tag fits, and If-None-Match nothing where it does", async () => {
  const tag = (await get({}, "HEAD")).headers.get("ETag") ?? "";
  expect((await get({ Range: "bytes=0-9", "If-Range": tag })).status).toBe(206);
  expect((await get({ Range: "bytes=0-9", "If-Range": '"other"' })).status).toBe(200);
  const unchanged = await get({ "If-None-Match": `W/${tag}, "x"` });
  expect(unchanged.status).toBe(304);
  expect(unchanged.headers.get("ETag")).toBe(tag);
});

test("a download that was cut in the middle is resumed to the same bytes (fault 24)", async () => {
  const parts: Buffer[] = [];
  let have = 0;
  for (let cuts = 0; have < content.length; cuts += 1) {
    const headers: Record<string, string> = have === 0 ? {} : { Range: `bytes=${String(have)}-` };
    const response = await fetch(url, { headers });
    expect(response.status).toBe(have === 0 ? 200 : 206);
    for await (const chunk of response.body ?? []) {
      parts.push(Buffer.from(chunk));
      have += chunk.length;
      if (cuts < 5 && have > (cuts + 1) * 400_000) break;
    }
  }
  expect(Buffer.concat(parts).equals(content)).toBe(true);
});

test("a job that runs has no archive yet", async () => {
  const running = await storeJob(api.database.sql);
  await startJob(api.database.sql, running);
  const response = await api.app.request(`/download/${running}`);
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: "not_finished" });
});

test("an archive that the sweep has just removed is 410, never half", async () => {
  const swept = await storeJob(api.database.sql);
  const archive = await storeArchive(Buffer.from("zip"), `${swept}-1.zip`);
  await finishJob(api.database.sql, await startJob(api.database.sql, swept), "succeeded", archive);
  await api.archives.remove(archive.key);
  const response = await api.app.request(`/download/${swept}`);
  expect(response.status).toBe(410);
});
