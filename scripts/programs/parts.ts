import { ensureProgram, type Program, programFile } from "./ensure-program.mjs";

/** The two processes of the service, in the order in which they are started. */
export const parts = [
  { name: "api", entry: "apps/api/src/main.ts" },
  { name: "worker", entry: "apps/worker/src/main.ts" },
] as const satisfies readonly Program[];

export type PartName = (typeof parts)[number]["name"];

/** The part of this name. */
export function findPart(name: PartName): Program {
  return parts[name === "api" ? 0 : 1];
}

/** Bundles both parts, where they are not as their sources are. */
export async function ensureParts(root: string): Promise<void> {
  await Promise.all(parts.map((part) => ensureProgram(root, part)));
}

/** Where a part is, once it was ensured. */
export function partFile(root: string, name: PartName): string {
  return programFile(root, name);
}
