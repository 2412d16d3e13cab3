import { readFileSync } from "node:fs";
import { join, matchesGlob, relative } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { dashboardFolder, dashboardSources } from "../../scripts/dashboard/ensure-dashboard.ts";
import { root } from "../../scripts/root.ts";
import { importsOf, readSources } from "./source-files.ts";

const read = (name: string) => readFileSync(join(root, name), "utf8");

/** The lines of the Dockerfile between one FROM and the next, by the name that the stage is given. */
let stages: ReadonlyMap<string, readonly string[]>;
beforeAll(() => {
  const parts = read("Dockerfile")
    .split(/^FROM /m)
    .slice(1);
  stages = new Map(
    parts.map((part) => {
      const [first = "", ...lines] = part.split("\n");
      return [first.split(" AS ")[1] ?? "", lines];
    }),
  );
});
const copied = (stage: string) =>
  (stages.get(stage) ?? []).flatMap((line) => /^COPY (\S+) \1$/.exec(line)?.[1] ?? []);

test("the API's image has the dashboard, built of all that it is made of, where the API looks for it", () => {
  const folder = relative(root, dashboardFolder(root));
  const lines = stages.get("api") ?? [];
  expect(lines).toContain(`COPY --from=dashboard-files /app/${folder} /app/${folder}`);
  const folders = copied("dashboard-files");
  const missing = dashboardSources.filter((path) => !folders.some((each) => isWithin(path, each)));
  expect(missing).toEqual([]);
});

test("what never reaches the engine is needed by nothing that an image is made of", () => {
  const left = read(".dockerignore")
    .split("\n")
    .filter((line) => line.startsWith("**/"));
  const isLeft = (path: string) =>
    left.some((each) => matchesGlob(path, each) || matchesGlob(path, `${each}/**`));
  const inImages = ["dashboard-files", "api-files", "worker-files"].flatMap(copied);
  const files = readSources("ts", "tsx", "mjs").filter(
    (file) => inImages.some((each) => isWithin(file.path, each)) && !isLeft(file.path),
  );
  expect(files.length).toBeGreaterThan(300);
  const lost = files.flatMap((file) =>
    importsOf(file)
      .filter(isLeft)
      .map((path) => `${file.path}: ${path}`),
  );
  expect(lost).toEqual([]);
});

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
