import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cpuProfile } from "./cpu-profile.ts";
import { nameSources } from "./name-sources.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-profile-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const profileOf = (url: string) =>
  cpuProfile.parse({
    nodes: [{ id: 1, callFrame: { functionName: "work", url, lineNumber: 0, columnNumber: 0 } }],
    samples: [],
    timeDeltas: [],
  });

test("a place in a bundle is told as the place in its source", async () => {
  // The mapping says: line 0 column 0 of the bundle is line 2 column 0 of the first source (AAEA).
  const map = { version: 3, sources: ["../src/work.ts"], names: [], mappings: "AAEA" };
  await writeFile(join(folder, "api.mjs.map"), JSON.stringify(map));
  const { nodes } = await nameSources(profileOf(pathToFileURL(join(folder, "api.mjs")).href));
  expect(nodes[0]?.callFrame).toMatchObject({ functionName: "work", lineNumber: 2 });
  expect(nodes[0]?.callFrame.url).toMatch(/src\/work\.ts$/);
});

test("a place without a map stays as it is", async () => {
  const url = pathToFileURL(join(folder, "other.mjs")).href;
  expect((await nameSources(profileOf(url))).nodes[0]?.callFrame).toMatchObject({ url, lineNumber: 0 });
});
