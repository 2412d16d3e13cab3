import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSources } from "./source-files.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "security.md"), "utf8");

/** Tests as the page names them: `file`: "name", "beginning of a name …". */
const named = [...page.matchAll(/`([a-z\d-]+)`: ((?:"[^"\n]+"(?:, )?)+)/g)].flatMap(
  ([, file = "", names = ""]) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => ({ file, name: name.replace(/ ?…$/, "") })),
);

const tests = readSources("test.ts");
const textOf = (file: string): string =>
  tests
    .filter(({ path }) => path.endsWith(`/${file}.test.ts`))
    .map(({ text }) => text)
    .join("\n");

test("each test that docs/security.md names is there", () => {
  expect(named.length).toBeGreaterThan(40);
  const missing = named.filter(({ file, name }) => !textOf(file).includes(name));
  expect(missing).toEqual([]);
});
