import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ProgramMode } from "./program-mode.ts";

/** Enough of a SHA-256 to tell a project's images apart, and short enough to read out. */
const HASH_CHARACTERS = 12;

/** The files beside the Dockerfile that the image is made of, relative to `agent-image`, in a fixed order. */
export async function listImageFiles(root: string): Promise<readonly string[]> {
  const native = await readdir(join(root, "agent-image", "native"), { withFileTypes: true });
  const files = native.filter((entry) => entry.isFile()).map((entry) => `native/${entry.name}`);
  return ["Dockerfile", ...files.toSorted()];
}

/** What of the agent image is made before it is built. */
export interface ImageParts {
  /** The bundled agent. */
  readonly agent: Uint8Array;
  /** The seccomp profile as C. */
  readonly profileHeader: string;
  readonly programMode: ProgramMode;
}

/** The hash of all that goes into the agent image: Dockerfile, native sources, its parts, the version of Node. */
export async function hashInputs(
  root: string,
  { agent, profileHeader, programMode }: ImageParts,
): Promise<string> {
  const hash = createHash("sha256");
  const add = (name: string, content: Uint8Array) =>
    hash.update(`${name}\0${content.byteLength}\0`).update(content);
  for (const file of await listImageFiles(root)) add(file, await readFile(join(root, "agent-image", file)));
  add("agent.cjs", agent);
  add("seccomp-profile.h", Buffer.from(profileHeader));
  add("node", Buffer.from(process.version));
  add("mode", Buffer.from(programMode));
  return hash.digest("hex").slice(0, HASH_CHARACTERS);
}
