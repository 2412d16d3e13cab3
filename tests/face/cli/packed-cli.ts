import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../scripts/host/run-program.ts";
import { packCli } from "../../../scripts/pack/pack-cli.ts";
import { root } from "../../../scripts/root.ts";

const limitMs = 60_000;

/** The command line as somebody has it who has installed its package. */
export interface PackedCli {
  /** The package. */
  readonly tarball: string;
  /** The program that npm links to. */
  readonly program: string;
  /** A folder with a link to it, named `longshore`, for PATH. */
  readonly bin: string;
  remove(): Promise<void>;
}

/** Packs it and unpacks it again: it needs no other package. */
export async function installPackedCli(): Promise<PackedCli> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-cli-"));
  const packed = await packCli(root, folder, AbortSignal.timeout(limitMs));
  if (!packed.ok) throw new Error(packed.failure.what);
  const script =
    'tar -xzf "$1" -C "$2" && mkdir "$2/bin" && ln -s ../package/dist/main.js "$2/bin/longshore"';
  const { code, output } = await runProgram("sh", ["-c", script, "sh", packed.value, folder], { limitMs });
  if (code !== 0) throw new Error(output);
  return {
    tarball: packed.value,
    program: join(folder, "package", "dist", "main.js"),
    bin: join(folder, "bin"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
