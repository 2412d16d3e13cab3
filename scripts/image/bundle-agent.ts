import { join } from "node:path";
import { build } from "esbuild";

/** The agent as one minified CommonJS file, the same bytes for the same sources. */
export async function bundleAgent(root: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "agent-image", "src", "main.ts")],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "node",
    target: "node24",
    write: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild gave no bundle of the agent");
  return file.contents;
}
