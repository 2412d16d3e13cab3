import { describe, expect, test } from "vitest";
import { isTest, readSources } from "./source-files.ts";

/** A thing has one word. Each of these is another word for one that is taken. */
const forbidden = [
  { word: /\btask(s|Id|_id)?\b/i, instead: "Job or Step" },
  { word: /\bexecution(s|Id|_id)?\b/i, instead: "Attempt" },
  { word: /\bstage(s|Id|_id)?\b/i, instead: "Step" },
  { word: /\bartifacts?\b/i, instead: "Archive" },
  { word: /\bclaim(s|ed|Job|_until|_owner)?\b/i, instead: "Lease" },
  { word: /\bVM\b/, instead: "Sandbox" },
] as const;

const product = readSources("ts", "tsx", "sql").filter(
  ({ path }) => /^(apps|packages|agent-image\/src|migrations)\//.test(path) && !isTest(path),
);

describe("a thing has one word", () => {
  test.each(forbidden)("$instead is never called $word", ({ word }) => {
    const found = product.flatMap(({ path, text }) =>
      codeOf(text)
        .split("\n")
        .flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test("outside sandbox/docker nothing that is exported is named after a container", () => {
    const found = product
      .filter(({ path }) => !path.startsWith("apps/worker/src/sandbox/docker/"))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^export .*\b(?:function|const|type|interface) (\w*container\w*)/gim)].map(
          ([, name]) => `${path}: ${name}`,
        ),
      );
    expect(found).toEqual([]);
  });

  test("a file is named after the thing that it holds, in kebab-case", () => {
    const vague = /^(utils?|helpers?|types?|common|misc|index)\.|[^a-z0-9.-]/;
    const found = readSources("ts", "tsx", "mjs").filter(({ path }) =>
      vague.test(path.split("/").at(-1) ?? ""),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

test("every type assertion says why it is safe", () => {
  const assertion = /[\w)\]}] as (?!const\b)(?:unknown|never|string|number|typeof|keyof|readonly|[A-Z{[(])/;
  const unsaid = readSources("ts", "tsx")
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) => {
      const lines = text.split("\n");
      const code = codeOf(text).split("\n");
      const isSaid = (index: number) =>
        lines.slice(Math.max(0, index - 3), index + 1).some((line) => line.includes("safety:"));
      return code.flatMap((line, index) =>
        assertion.test(line) && !/^\s*(import|export \{)/.test(line) && !isSaid(index)
          ? [`${path}:${index + 1}: ${lines[index]?.trim()}`]
          : [],
      );
    });
  expect(unsaid).toEqual([]);
});

/** Blanks comments and what people read (strings on one line), and keeps the lines' numbers. */
function codeOf(text: string): string {
  const prose = /\/\*[\s\S]*?\*\/|^\s*(?:\/\/|--).*$|"(?:[^"\\\n]|\\.)*"|`[^`\n]*`/gm;
  return text.replaceAll(prose, (words) => words.replaceAll(/[^\n]/g, " "));
}
