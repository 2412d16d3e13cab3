import { join } from "node:path";
import type { Result } from "@longshore/shared/domain/result";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { packPackage } from "./pack-package.ts";
import { runTool } from "./run-tool.ts";

/** The client as a package for any platform: JavaScript and its types. Gives the tarball's path in `to`. */
export async function packClient(
  root: string,
  to: string,
  stop: AbortSignal,
): Promise<Result<string, SetupFault>> {
  const source = join(root, "packages", "client");
  return packPackage({ root, source, to, stop }, async (folder) => {
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const compiled = await runTool(
      process.execPath,
      [compiler, "-p", source, "--outDir", join(folder, "dist")],
      stop,
    );
    if (!compiled.ok) return compiled;
    const exports = { ".": { types: "./dist/client.d.ts", default: "./dist/client.js" } };
    return { ok: true, value: { exports, sideEffects: false, engines: { node: ">=20.19" } } };
  });
}
