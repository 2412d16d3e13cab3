import type { BlobStore } from "@longshore/shared/blob/blob-store";
import { succeed } from "@longshore/shared/domain/result";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { makeZip } from "../../../../tests/support/make-zip.ts";
import { createArchiveFiles } from "./create-archive-files.ts";

const count = 4_000;
/** Long enough that the directory is not read with the archive's last 64 KiB. */
const nameOf = (at: number) => `outputs/${"long-".repeat(30)}${String(at)}.txt`;
const zip = await makeZip(Object.fromEntries(Array.from({ length: count }, (_, at) => [nameOf(at), ""])));
const archive = {
  ...{ key: "large.zip", bytes: zip.length, sha256: "ab".repeat(32), outputFiles: count, outputBytes: 0 },
};
const endBytes = 65_557;

/** The archive, and from where on it is read, but for its end, by which each look begins. */
function recordingStore() {
  const starts: number[] = [];
  const store: Pick<BlobStore, "open"> = {
    open: (_key, range) => {
      const { start = 0, end = zip.length - 1 } = range ?? {};
      if (start < zip.length - endBytes) starts.push(start);
      return Promise.resolve(
        succeed({ size: zip.length, stream: Readable.from([zip.subarray(start, end + 1)]) }),
      );
    },
  };
  return { store, take: () => starts.splice(0) };
}

test("a page begins where the one before ended, and not at the directory's beginning", async () => {
  const { store, take } = recordingStore();
  const files = createArchiveFiles(store);
  const pages = [];
  const lowest = [];
  for (let after = 0; after < count; after += 500) {
    const page = await files.list(archive, { after, limit: 500 });
    if (page === "expired") throw new Error("the archive is there");
    pages.push(...page.entries.map(({ path }) => path));
    lowest.push(Math.min(...take()));
  }
  expect(pages).toEqual(Array.from({ length: count }, (_, at) => nameOf(at)));
  // The last ones are read with the archive's end.
  const looked = lowest.filter(Number.isFinite);
  expect(looked.length).toBeGreaterThan(5);
  expect(looked).toEqual([...new Set(looked)].toSorted((a, b) => a - b));
});

test("any page is the same for who never asked before as for who turned all pages up to it", async () => {
  const turned = createArchiveFiles(recordingStore().store);
  for (const after of [0, 700, 1_400]) await turned.list(archive, { after, limit: 700 });
  for (const after of [0, 1, 699, 700, 1_399, 2_100, 2_500, 3_999, 4_000, 9_999]) {
    const fresh = await createArchiveFiles(recordingStore().store).list(archive, { after, limit: 300 });
    expect(await turned.list(archive, { after, limit: 300 })).toEqual(fresh);
  }
});
