import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Result, succeed } from "@longshore/shared/domain/result";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { runTool } from "./run-tool.ts";

interface PackOptions {
  readonly root: string;
  /** The workspace that is packed: its package.json and README. */
  readonly source: string;
  /** The folder that the tarball comes into. */
  readonly to: string;
  readonly stop: AbortSignal;
}

/** Puts the files of a package into the folder, and gives what its manifest has beside or instead of the workspace's. */
type BuildPackage = (folder: string) => Promise<Result<Readonly<Record<string, unknown>>, SetupFault>>;

/** Packs a workspace as npm does, with a manifest for those who install it. Gives the tarball's path. */
export async function packPackage(
  { root, source, to, stop }: PackOptions,
  build: BuildPackage,
): Promise<Result<string, SetupFault>> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-pack-"));
  try {
    const built = await build(folder);
    if (!built.ok) return built;
    await copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
    await copyFile(join(source, "README.md"), join(folder, "README.md"));
    const text = await readFile(join(source, "package.json"), "utf8");
    // safety: it is the project's own.
    const { private: _, devDependencies: __, ...own } = JSON.parse(text) as Record<string, unknown>;
    await writeFile(join(folder, "package.json"), `${JSON.stringify({ ...own, ...built.value }, null, 2)}\n`);
    await mkdir(to, { recursive: true });
    const packed = await runTool("npm", ["pack", folder, "--pack-destination", folder, "--silent"], stop);
    if (!packed.ok) return packed;
    const name = (await readdir(folder)).find((file) => file.endsWith(".tgz")) ?? "";
    await copyFile(join(folder, name), join(to, name));
    return succeed(join(to, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
