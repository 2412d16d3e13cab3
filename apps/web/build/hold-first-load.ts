import type { Plugin, Rolldown } from "vite";
import { compressBrotli } from "./compress-assets.ts";

/**
 * Fails the build where a page needs more than `mostBytes`, compressed, before it can be used: what the entry loads, and
 * what the page loads beside it. What is loaded on demand by a page (a viewer of pictures) counts as a page, too.
 */
export function holdFirstLoad(mostBytes: number): Plugin {
  return {
    name: "hold-first-load",
    apply: "build",
    generateBundle: function (_, bundle) {
      const sizes = new Map<string, number>();
      const sizeOf = (name: string): number => {
        const file = bundle[name];
        if (file === undefined) return 0;
        const known = sizes.get(name) ?? compressBrotli(Buffer.from(contentOf(file))).length;
        sizes.set(name, known);
        return known;
      };
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const entry = chunks
        .filter(({ isEntry }) => isEntry)
        .flatMap((chunk) => [...loadedWith(chunk, bundle)]);
      for (const page of chunks.filter(({ isEntry, isDynamicEntry }) => isEntry || isDynamicEntry)) {
        const names = new Set([...entry, ...loadedWith(page, bundle)]);
        const bytes = [...names].reduce((sum, name) => sum + sizeOf(name), 0);
        this.info(`${page.name}: ${(bytes / 1_000).toFixed(0)} kB at the first load`);
        if (bytes > mostBytes)
          this.error(`${page.name} needs ${String(bytes)} bytes at the first load: ${[...names].join(", ")}`);
      }
    },
  };
}

/** The file itself and all that its imports pull in, style sheets too. */
function loadedWith(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.has(name)) return;
    names.add(name);
    const file = bundle[name];
    if (file?.type !== "chunk") return;
    for (const style of file.viteMetadata?.importedCss ?? []) names.add(style);
    for (const next of file.imports) add(next);
  };
  add(chunk.fileName);
  return names;
}

function contentOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset): string | Uint8Array {
  return file.type === "chunk" ? file.code : file.source;
}
