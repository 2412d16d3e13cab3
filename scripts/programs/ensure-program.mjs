import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleProgram } from "./bundle-program.mjs";

/** Those that a bundle of the same sources depends on, too. */
const alwaysInputs = ["package-lock.json", "scripts/programs/bundle-program.mjs"];

/** @see programFile in ensure-program.d.mts */
export function programFile(root, name) {
  return join(root, ".longshore", "programs", `${name}.mjs`);
}

/** @see compileCache in ensure-program.d.mts */
export function compileCache(root) {
  return join(root, ".longshore", "programs", "compiled");
}

/** @see ensureProgram in ensure-program.d.mts */
export async function ensureProgram(root, { name, entry }) {
  const file = programFile(root, name);
  const noteFile = `${file}.inputs.json`;
  const note = await readNote(noteFile);
  const isKnown = note !== null && note.state === (await stateOf(root, note.inputs));
  if (isKnown && note.bytes === (await sizeOf(file))) return file;
  await mkdir(join(root, ".longshore", "programs"), { recursive: true });
  const before = Date.now();
  // What Node has compiled of earlier bundles is of no use any more.
  // A part that ends meanwhile may be writing there: then it stays, and costs its place alone.
  await rm(compileCache(root), { recursive: true, force: true }).catch(() => undefined);
  const { outputFiles, inputs } = await bundleProgram(root, entry, file);
  const state = await stateOf(root, inputs);
  for (const { path, contents } of outputFiles) await replaceFile(path, contents);
  // A source that was written meanwhile may be in it or not: without a note it is bundled again next time.
  const changed = await newest(root, inputs);
  if (changed < before)
    await replaceFile(noteFile, JSON.stringify({ inputs, state, bytes: await sizeOf(file) }));
  else await rm(noteFile, { force: true });
  return file;
}

/** @see programOrSource in ensure-program.d.mts */
export async function programOrSource(root, program, say) {
  try {
    return await ensureProgram(root, program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`${program.name} starts from its sources, slower, as it cannot be bundled: ${why}`);
    return join(root, program.entry);
  }
}

/** Two commands may do this at once, and one may be reading: a file is there whole or not at all. */
async function replaceFile(path, contents) {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, contents);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readNote(path) {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const { inputs, state, bytes } = JSON.parse(text);
    return Array.isArray(inputs) && typeof state === "string" ? { inputs, state, bytes } : null;
  } catch {
    return null;
  }
}

/** @see stateOf in ensure-program.d.mts */
export async function stateOf(root, inputs) {
  const looks = [...alwaysInputs, ...inputs].map(async (path) => {
    const found = await stat(join(root, path)).catch(() => null);
    return found === null ? `${path} gone` : `${path} ${String(found.size)} ${String(found.mtimeMs)}`;
  });
  return createHash("sha256")
    .update([root, ...(await Promise.all(looks))].join("\n"))
    .digest("hex");
}

async function newest(root, inputs) {
  const times = inputs.map((path) =>
    stat(join(root, path)).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    ),
  );
  return Math.max(...(await Promise.all(times)));
}

/** In bytes; null where it is not there. */
async function sizeOf(path) {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
