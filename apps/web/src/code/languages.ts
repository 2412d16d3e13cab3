const byExtension: Readonly<Record<string, string>> = {
  ...{ sh: "bash", bash: "bash", zsh: "bash", py: "python", ipynb: "json", json: "json", ndjson: "json" },
  ...{ geojson: "json", js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "javascript" },
  ...{ ts: "typescript", tsx: "typescript", css: "css", html: "xml", htm: "xml", xml: "xml", svg: "xml" },
  ...{ yaml: "yaml", yml: "yaml", md: "markdown", sql: "sql", c: "c", h: "c", cpp: "cpp", hpp: "cpp" },
  ...{ go: "go", rs: "rust", java: "java", rb: "ruby", php: "php", toml: "ini", ini: "ini", cfg: "ini" },
  ...{ diff: "diff", patch: "diff", r: "r" },
};

/** The language that a file's name stands for, as the highlighter calls it; null where it stands for none. */
export function languageOf(path: string): string | null {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? null) : null;
}
