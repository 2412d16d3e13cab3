import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Engine } from "../engine/find-engine.ts";
import { lastLines, runProgram } from "../host/run-program.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";

/** Node's names of architectures by the engine's. */
const architectures: Readonly<Record<string, string>> = { amd64: "x64", arm64: "arm64" };
const FETCH_LIMIT_MS = 5 * 60_000;

/**
 * The path of a Node binary that runs in the engine's containers: the one that runs this, on Linux of the same
 * architecture; else the same version for Linux, from the npm registry, kept in `.longshore`.
 */
export async function findLinuxNode(
  engine: Engine,
  root: string,
  progress: Progress,
): Promise<Result<string, SetupFault>> {
  const { Arch } = await engine.docker.version();
  const arch = architectures[Arch];
  if (arch === undefined)
    return fail({ what: `The engine runs on ${Arch}.`, advice: "Longshore runs on amd64 and arm64." });
  if (process.platform === "linux" && process.arch === arch) return succeed(process.execPath);
  const name = `node-linux-${arch}@${process.versions.node}`;
  const target = join(root, ".longshore", "node", name);
  const kept = await access(join(target, "node")).then(
    () => true,
    () => false,
  );
  if (kept) return succeed(join(target, "node"));
  return progress.phase(`Fetching ${name}`, () => fetchNode(name, target));
}

async function fetchNode(name: string, target: string): Promise<Result<string, SetupFault>> {
  await mkdir(join(target, ".."), { recursive: true });
  const folder = await mkdtemp(`${target}-`);
  try {
    const options = { cwd: folder, limitMs: FETCH_LIMIT_MS };
    const packed = await runProgram("npm", ["pack", "--silent", name], options);
    const archive = packed.output.trim().split("\n").at(-1) ?? "";
    const unpacked =
      packed.code === 0 ? await runProgram("tar", ["-xzf", archive, "package/bin/node"], options) : packed;
    if (unpacked.code !== 0) {
      const advice = "The npm registry must be reachable: the sandbox needs a Node for Linux.";
      return fail({ what: `Fetching ${name} failed: ${lastLines(unpacked.output)}`, advice });
    }
    await mkdir(target, { recursive: true });
    await rename(join(folder, "package", "bin", "node"), join(target, "node"));
    return succeed(join(target, "node"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
