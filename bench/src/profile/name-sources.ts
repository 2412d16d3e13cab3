import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { CpuProfile } from "./cpu-profile.ts";

type CallFrame = CpuProfile["nodes"][number]["callFrame"];

/** The profile with each place in a bundle told as the place in the source that it comes from, where a map is beside it. */
export async function nameSources(profile: CpuProfile): Promise<CpuProfile> {
  const urls = new Set(
    profile.nodes.map(({ callFrame }) => callFrame.url).filter((url) => url.endsWith(".mjs")),
  );
  const maps = new Map<string, SourceMap>();
  for (const url of urls) {
    const text = await readFile(`${fileURLToPath(url)}.map`, "utf8").catch(() => null);
    // safety: what our own bundler wrote; SourceMap itself checks its version and mappings.
    if (text !== null)
      maps.set(url, new SourceMap(JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0]));
  }
  const nodes = profile.nodes.map((node) => ({ ...node, callFrame: toSource(node.callFrame, maps) }));
  return { ...profile, nodes };
}

function toSource(frame: CallFrame, maps: ReadonlyMap<string, SourceMap>): CallFrame {
  const entry = maps.get(frame.url)?.findEntry(frame.lineNumber, frame.columnNumber);
  if (entry === undefined || !("originalSource" in entry)) return frame;
  return { ...frame, url: entry.originalSource, lineNumber: entry.originalLine };
}
