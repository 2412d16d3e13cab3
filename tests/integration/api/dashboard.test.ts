import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { createTestDatabase, type TestDatabase } from "../../support/test-database.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const browser = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const ask = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  api.app.request(path, { headers });

/** The files that the page names. */
const filesOfPage = async () => {
  const html = await (await ask("/ui")).text();
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address);
};

describe("the beginning of the service", () => {
  test("sends browsers to the dashboard", async () => {
    const answer = await ask("/", browser);
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/ui"]);
  });

  test.each([{}, { Accept: "*/*" }, { Accept: "application/json" }])("is JSON to %j", async (headers) => {
    const answer = await ask("/", headers);
    expect(answer.headers.get("Vary")).toContain("Accept");
    expect(await answer.json()).toMatchObject({ name: "longshore", links: { dashboard: "/ui" } });
  });
});

describe("the page", () => {
  test.each(["/ui", "/ui/", "/ui/jobs", "/ui/jobs/0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87", "/ui/new?from=x"])(
    "is the same at %s, and takes script, style and data from its own origin alone",
    async (path) => {
      const answer = await ask(path, browser);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('<div id="dashboard"></div>');
      const policy = answer.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    },
  );

  test("is asked for each time, and sent once", async () => {
    const answer = await ask("/ui");
    expect(answer.headers.get("Cache-Control")).toBe("no-cache");
    const again = await ask("/ui", { "If-None-Match": answer.headers.get("ETag") ?? "" });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  test("has no script or style inside, and names files of its own alone", async () => {
    const html = await (await ask("/ui")).text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    const files = await filesOfPage();
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file).toMatch(/^\/ui\/assets\//);
      const answer = await ask(file);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    }
  });

  test("needs no key, and neither do its files", async () => {
    const file = (await filesOfPage()).find((each) => each.endsWith(".js")) ?? "";
    const wrong = { Authorization: "Bearer wrong" };
    expect([(await ask("/ui", wrong)).status, (await ask(file, wrong)).status]).toEqual([200, 200]);
  });
});

test("a script comes packed as the client takes it, and is the same each way", async () => {
  const file = (await filesOfPage()).find((each) => /index-.*\.js$/.test(each)) ?? "";
  const read = async (encoding: string) => {
    const answer = await ask(file, { "Accept-Encoding": encoding });
    expect(answer.headers.get("Vary")).toContain("Accept-Encoding");
    expect(answer.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { encoding: answer.headers.get("Content-Encoding"), bytes };
  };
  const [plain, brotli, gzip] = [await read("identity"), await read("gzip, br"), await read("gzip")];
  expect([plain.encoding, brotli.encoding, gzip.encoding]).toEqual([null, "br", "gzip"]);
  expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true);
  expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
});

test.each([
  "/ui/assets/nothing.js",
  "/ui/assets/index.html",
  "/ui/assets/..%2findex.html",
  "/ui/assets/%2e%2e%2f%2e%2e%2fpackage.json",
  "/ui/assets/a.js%00",
  "/ui/assets/.js",
])("%s is 404", async (path) => {
  expect((await ask(path)).status).toBe(404);
});

describe("where it was not built", () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    [database, folder] = [await createTestDatabase(), await mkdtemp(join(tmpdir(), "longshore-dashboard-"))];
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("/ui says so, and all else works", async () => {
    const without = await createTestApi({ dashboardFolder: folder }, database);
    const answer = await without.app.request("/ui", { headers: browser });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("npm start") as string });
    expect((await without.app.request("/health")).status).toBe(200);
    await without.remove();
  });
});
