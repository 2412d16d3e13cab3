import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "@longshore/shared/domain/result";
import { build, type Metafile } from "esbuild";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { collectLicences } from "./collect-licences.ts";
import { packPackage } from "./pack-package.ts";

/**
 * The command line as a package that brings all it needs in a few files: `npx` has nothing to resolve, and what a command
 * does not use is not loaded. Gives the tarball's path in `to`.
 */
export async function packCli(
  root: string,
  to: string,
  stop: AbortSignal,
): Promise<Result<string, SetupFault>> {
  const source = join(root, "apps", "cli");
  return packPackage({ root, source, to, stop }, async (folder) => {
    const metafile = await bundleCli(source, join(folder, "dist"));
    await chmod(join(folder, "dist", "main.js"), 0o755);
    await writeFile(join(folder, "THIRD-PARTY-LICENSES"), await collectLicences(source, metafile));
    return {
      ok: true,
      value: {
        ...{ name: "longshore", bin: { longshore: "dist/main.js" }, dependencies: {} },
        engines: { node: ">=20.19" },
      },
    };
  });
}

/** Bundles the command line into a folder, `main.js` first. */
export async function bundleCli(source: string, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(source, "src", "main.ts")],
    absWorkingDir: source,
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    // Names of functions and classes are part of messages and stacks.
    keepNames: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // What is CommonJS in it asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as longshoreRequireOf } from 'node:module'; const require = longshoreRequireOf(import.meta.url);",
    },
    logLevel: "silent",
  });
  return metafile;
}
