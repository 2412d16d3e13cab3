// First, as it prepares zod for the rest.
import { createServedApi, type ServedApi } from "../../support/served-api.ts";
import { filePage } from "@longshore/shared/contracts/file-page";
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { makeZip } from "../../support/make-zip.ts";
import { storeArchive } from "../../support/store-archive.ts";

const noise = randomBytes(3_000_000);
const page = "<script>document.title = 'here'</script>";
const entries = {
  "manifest.json": '{"files":[]}',
  "outputs/": "",
  "outputs/plot.png": noise,
  "outputs/page.html": page,
  "outputs/100%25 größe 'n\" (1).csv": "a,b\n1,2\n",
  "outputs/empty.txt": "",
  "outputs/link": { to: "plot.png" },
  ...Object.fromEntries(
    Array.from({ length: 3_000 }, (_, at) => [`outputs/many/${String(at)}.txt`, String(at)]),
  ),
} as const;
const names = Object.keys(entries);

let served: ServedApi;
let id: string;

/** An ended Job that has this zip. */
const storeZip = async (zip: Buffer, key: string, row: { readonly bytes?: number } = {}) => {
  await storeArchive(served.api.archives, key, zip);
  const sha256 = createHash("sha256").update(zip).digest("hex");
  return storeEndedJob(served.api.database.sql, { archive: { key, bytes: row.bytes ?? zip.length, sha256 } });
};

beforeAll(async () => {
  served = await createServedApi();
  id = await storeZip(await makeZip(entries), "files.zip");
});
afterAll(() => served.remove());

const filesUrl = (job: string, path = "") => `${served.url}/jobs/${job}/files${path}`;
const get = (path: string, init: RequestInit = {}) => fetch(filesUrl(id, path), init);
const list = async (query: string) => filePage.parse(await (await get(query)).json());
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test("the list has every entry of the archive in its order, with its kind, length and type", async () => {
  const { files, total } = await list("?limit=7");
  expect(total).toBe(names.length);
  expect(files).toEqual([
    { path: "manifest.json", kind: "file", bytes: 12, media_type: "application/json" },
    { path: "outputs/", kind: "folder", bytes: 0, media_type: null },
    { path: "outputs/plot.png", kind: "file", bytes: 3_000_000, media_type: "image/png" },
    { path: "outputs/page.html", kind: "file", bytes: page.length, media_type: "text/html; charset=utf-8" },
    { path: names[4], kind: "file", bytes: 8, media_type: "text/csv; charset=utf-8" },
    { path: "outputs/empty.txt", kind: "file", bytes: 0, media_type: "text/plain; charset=utf-8" },
    { path: "outputs/link", kind: "link", bytes: 8, media_type: null },
  ]);
});

test("read page by page the list is whole", async () => {
  const found: string[] = [];
  for (let after: number | null = 0; after !== null;) {
    const one: Awaited<ReturnType<typeof list>> = await list(`?limit=1000&after=${String(after)}`);
    found.push(...one.files.map(({ path }) => path));
    after = one.next_after;
  }
  expect(found).toEqual(names);
  expect(await list("?after=999999")).toMatchObject({ files: [], next_after: null });
});

test("a file comes alone and byte for byte, its path's slashes encoded or not", async () => {
  for (const path of ["/outputs/plot.png", "/outputs%2Fplot.png"]) {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ "content-type": "image/png", "content-length": "3000000" },
      "content-disposition": "attachment; filename*=UTF-8''plot.png",
    });
    expect((await bytesOf(response)).equals(noise)).toBe(true);
  }
});

test("one that was stored without compression is the same, and an empty one is empty", async () => {
  const stored = await storeZip(await makeZip({ "outputs/a.bin": noise }, false), "stored.zip");
  const response = await fetch(filesUrl(stored, "/outputs/a.bin"));
  expect((await bytesOf(response)).equals(noise)).toBe(true);
  expect(await bytesOf(await get("/outputs/empty.txt"))).toHaveLength(0);
});

test("a name of any characters is found by its encoded path, and saved under its own", async () => {
  const name = names[4] ?? "";
  const response = await get(`/${encodeURIComponent(name)}`);
  expect(await response.text()).toBe("a,b\n1,2\n");
  expect(response.headers.get("Content-Disposition")).toBe(
    "attachment; filename*=UTF-8''100%2525%20gr%C3%B6%C3%9Fe%20%27n%22%20%281%29.csv",
  );
});

test("a page among the outputs is saved, not opened: it has no script and no origin", async () => {
  const response = await get("/outputs/page.html");
  expect(await response.text()).toBe(page);
  expect(response.headers.get("Content-Disposition")).toMatch(/^attachment/);
  expect(response.headers.get("Content-Security-Policy")).toMatch(/default-src 'none'.*sandbox/);
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
});

test("HEAD has the headers and no body, and who has the file already is told so", async () => {
  const head = await get("/outputs/plot.png", { method: "HEAD" });
  expect(head.headers.get("Content-Length")).toBe("3000000");
  expect(await bytesOf(head)).toHaveLength(0);
  const tag = head.headers.get("ETag") ?? "";
  expect((await get("/outputs/plot.png", { headers: { "If-None-Match": tag } })).status).toBe(304);
  expect((await get("/outputs/empty.txt", { headers: { "If-None-Match": tag } })).status).toBe(200);
});

test.each(["/outputs/none", "/outputs/", "/outputs/link", "/..%2F..%2Fetc%2Fpasswd", "/%2Fetc%2Fpasswd"])(
  "%s is no file of the archive: 404, and what to do",
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "file_not_found",
      detail: `The archive has no such file: /jobs/${id}/files lists what it has.`,
    });
  },
);

test.each(["?limit=0", "?limit=10001", "?after=-1", "?before=1"])("the list refuses %s", async (query) => {
  expect((await get(query)).status).toBe(422);
});

test("a file that was damaged in the store is never given as a whole one", async () => {
  const zip = await makeZip({ "outputs/a.bin": noise }, false);
  zip.writeUInt8(zip.readUInt8(1_500_000) ^ 0xff, 1_500_000);
  const damaged = await storeZip(zip, "damaged.zip");
  const response = await fetch(filesUrl(damaged, "/outputs/a.bin"));
  expect(response.status).toBe(200);
  await expect(response.arrayBuffer()).rejects.toThrow("terminated");
});

test("an archive of another length than its row says is a fault of the service, and one that is gone has expired", async () => {
  const zip = await makeZip({ a: "b" });
  const short = await storeZip(zip, "short.zip", { bytes: zip.length + 10 });
  for (const path of ["", "/a"]) expect((await fetch(filesUrl(short, path))).status).toBe(500);
  const gone = await storeZip(zip, "gone.zip");
  await served.api.archives.remove("gone.zip");
  for (const path of ["", "/a"]) {
    const response = await fetch(filesUrl(gone, path));
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ code: "expired" });
  }
});

test("a job that has no archive, and one that is not there, answer as a download does", async () => {
  const none = await storeEndedJob(served.api.database.sql);
  expect(await (await fetch(filesUrl(none))).json()).toMatchObject({ code: "no_archive" });
  expect(await (await fetch(filesUrl(none, "/a"))).json()).toMatchObject({ code: "no_archive" });
  expect((await fetch(filesUrl("0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87"))).status).toBe(404);
  expect((await fetch(filesUrl("nonsense", "/a"))).status).toBe(400);
});
