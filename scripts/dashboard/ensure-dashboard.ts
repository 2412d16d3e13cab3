import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../host/run-program.ts";
import { stateOf } from "../programs/ensure-program.mjs";

const BUILD_LIMIT_MS = 5 * 60_000;
/** Folders and files that the dashboard is made of. */
export const dashboardSources = ["apps/web", "packages/client/src"];

/** Where the dashboard lies once it was built. */
export function dashboardFolder(root: string): string {
  return join(root, ".longshore", "dashboard");
}

/**
 * Builds the dashboard where it is missing or older than what it is made of. Rejects where its sources don't build, with
 * what the bundler says of it.
 */
export async function ensureDashboard(root: string): Promise<void> {
  const folder = dashboardFolder(root);
  const noteFile = `${folder}.state`;
  const state = await stateOf(root, await listSources(root));
  const isBuilt = await readFile(join(folder, "index.html")).then(
    () => true,
    () => false,
  );
  if (isBuilt && (await readFile(noteFile, "utf8").catch(() => null)) === state) return;
  await mkdir(join(root, ".longshore"), { recursive: true });
  const built = `${folder}.${randomUUID()}`;
  try {
    await build(root, built);
    await replaceFolder(built, folder);
    // Sources that were changed meanwhile have another state: then it is built again next time.
    await writeFile(noteFile, state);
  } finally {
    await rm(built, { recursive: true, force: true });
  }
}

/** The same, for who can go on without: says why where it fails. */
export async function tryDashboard(root: string, say: (line: string) => void): Promise<void> {
  try {
    await ensureDashboard(root);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`! There is no dashboard at /ui, as it cannot be built: ${why}`);
  }
}

async function listSources(root: string): Promise<readonly string[]> {
  const lists = dashboardSources.map(async (folder) => {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    return entries.flatMap(({ parentPath, name }) => {
      const path = join(parentPath, name).slice(root.length + 1);
      return path.includes("node_modules") ? [] : [path];
    });
  });
  return (await Promise.all(lists)).flat().toSorted();
}

async function build(root: string, folder: string): Promise<void> {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = [vite, "build", "--logLevel", "warn", "--outDir", folder];
  const env = { ...process.env, NODE_ENV: "production" };
  const cwd = join(root, "apps", "web");
  const { code, output } = await runProgram(process.execPath, args, { cwd, env, limitMs: BUILD_LIMIT_MS });
  if (code !== 0) throw new Error(output.trim());
}

/** Two may do this at once: the one that is last stays. */
async function replaceFolder(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const old = `${to}.${randomUUID()}`;
    await rename(to, old).catch(() => undefined);
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (tries === 5) throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}
