import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const native = fileURLToPath(new URL("../../../agent-image/native", import.meta.url));

/** Builds an image on top of another, with the sources of the image's programs as context, and removes it with `remove`. */
export async function buildMutatedImage(
  base: string,
  name: string,
  lines: readonly string[],
): Promise<{ readonly image: string; readonly remove: () => Promise<void> }> {
  const image = `attacks:${name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-")}`;
  const dockerfile = [`FROM ${base}`, "USER 0:0", ...lines, "USER 20000:20000"].join("\n");
  await docker(["build", "--quiet", "--network", "none", "--tag", image, "--file", "-", native], dockerfile);
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
