import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** The prompt files, read and checked. */
export interface Prompts {
  readonly system: PromptTemplate;
  readonly first: PromptTemplate;
  readonly repair: PromptTemplate;
  /** The files' own versions and a hash of their content, such as `1.1.1-5f0c2a9b`: an edit shows even if nobody counted up. */
  readonly version: string;
}

/** A text with `{{name}}` in some places; every name must be given. */
export type PromptTemplate = (values: Readonly<Record<string, string>>) => string;

const placeholder = /\{\{(\w+)\}\}/g;

const files = { system: "system.md", first: "user-first.md", repair: "user-repair.md" } as const;

/** Reads the prompt files of `folder`. Throws, naming the file, where one is missing, has no front matter, or uses a placeholder that it does not list. */
export async function loadPrompts(folder: URL = new URL("prompts/", import.meta.url)): Promise<Prompts> {
  const [system, first, repair] = await Promise.all([
    readPrompt(new URL(files.system, folder)),
    readPrompt(new URL(files.first, folder)),
    readPrompt(new URL(files.repair, folder)),
  ]);
  const all = [system, first, repair];
  const hash = createHash("sha256")
    .update(all.map(({ body }) => body).join("\0"))
    .digest("hex")
    .slice(0, 8);
  return {
    system: system.render,
    first: first.render,
    repair: repair.render,
    version: `${all.map(({ version }) => version).join(".")}-${hash}`,
  };
}

async function readPrompt(file: URL) {
  const text = (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const version = /^version: (\w+)$/m.exec(head ?? "")?.[1];
  if (body === undefined || version === undefined)
    throw new Error(`${file.pathname} has no front matter with a version`);
  const listed = (/^placeholders: (.*)$/m.exec(head ?? "")?.[1] ?? "")
    .split(/,\s*/)
    .filter((name) => name !== "");
  const used = new Set(Array.from(body.matchAll(placeholder), ([, name]) => name ?? ""));
  const faults = [...used]
    .filter((name) => !listed.includes(name))
    .concat(listed.filter((name) => !used.has(name)));
  if (faults.length > 0)
    throw new Error(`${file.pathname} uses and lists different placeholders: ${faults.join(", ")}`);
  return { version, body, render: createTemplate(body.trim()) };
}

function createTemplate(body: string): PromptTemplate {
  // One pass by a function: what is put in is not looked at again, whatever braces or dollars it holds.
  return (values) =>
    body.replace(placeholder, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`No value for the placeholder ${name}`);
      return value;
    });
}
