import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const folders = "{apps,packages,agent-image,scripts,tests,bench,migrations}";

export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** The project's source files with one of these endings ("ts"), nothing that was installed or generated. */
export function readSources(...endings: readonly string[]): readonly SourceFile[] {
  return endings
    .flatMap((ending) => globSync([`${folders}/**/*.${ending}`, `*.${ending}`], { cwd: root }))
    .filter((path) => !path.split("/").some((folder) => folder === "node_modules" || folder === "generated"))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** What a file imports: files of the project by their path, packages by their name, `import type` too. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const specifiers = text.matchAll(
    /(?:^|\s)(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|\bimport\("([^"]+)"\)/g,
  );
  return [...specifiers].map(([, plain, dynamic]) => resolve(path, plain ?? dynamic ?? ""));
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith(".")) return join(dirname(from), specifier);
  if (specifier.startsWith("@longshore/shared/"))
    return `packages/shared/src/${specifier.slice("@longshore/shared/".length)}.ts`;
  if (specifier === "@longshore/client") return "packages/client/src/client.ts";
  return specifier;
}

/** True for files that only tests load. */
export function isTest(path: string): boolean {
  return path.startsWith("tests/") || path.includes("/testing/") || /\.(test|testsuite)\.tsx?$/.test(path);
}
