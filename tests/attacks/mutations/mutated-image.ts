import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { profileHeader, readProfile } from "../../../scripts/image/profile-header.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface MutatedImage {
  readonly name: string;
  /** Lines of a Dockerfile on top of the base. */
  readonly lines: readonly string[];
  /** What the launcher's filter is made from, where it is built once more; the project's own where it is left out. */
  readonly profile?: string | undefined;
}

/** Builds an image on top of another, with the sources of the image's programs as context, and removes it with `remove`. */
export async function buildMutatedImage(
  base: string,
  { name, lines, profile }: MutatedImage,
): Promise<{ readonly image: string; readonly remove: () => Promise<void> }> {
  const image = `attacks:${name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-")}`;
  const dockerfile = [`FROM ${base}`, "USER 0:0", ...lines, "USER 20000:20000"].join("\n");
  const context = await mkdtemp(join(tmpdir(), "longshore-attacks-"));
  try {
    await cp(join(root, "agent-image", "native"), context, { recursive: true });
    const header = profileHeader(profile ?? (await readProfile(root)));
    await writeFile(join(context, "seccomp-profile.h"), header);
    await docker(
      ["build", "--quiet", "--network", "none", "--tag", image, "--file", "-", context],
      dockerfile,
    );
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  return { image, remove: () => docker(["rmi", "--force", image]) };
}

async function docker(args: readonly string[], input = ""): Promise<void> {
  const child = spawn("docker", args, {
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0)
    throw new Error(`docker ${args[0] ?? ""} ended with ${String(code)}: ${stderr.slice(-2_000)}`);
}
