// Plain JavaScript: the bootstrap needs it before TypeScript can run. Types are in folder-lock.d.mts.
import { link, mkdir, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { readProcessIdentity } from "./process-identity.mjs";

const POLL_MS = 200;
/** A take-over lasts milliseconds; a guard that is older was left by a crash in the middle of one. */
const GUARD_STALE_MS = 10_000;

/** Takes the lock file at `path`, or says who holds it. A lock whose process is gone is taken over. */
export async function tryFolderLock(path, details = {}) {
  await mkdir(dirname(path), { recursive: true });
  const identity = await readProcessIdentity(process.pid);
  const content = JSON.stringify({ pid: process.pid, identity, ...details });
  // A link of a complete file: nobody can ever read a lock that is only half written.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    for (;;) {
      if (await linkedAs(draft, path))
        return { ok: true, value: { release: () => releaseLock(path, content) } };
      const owner = await readOwner(path);
      if (owner !== null && (await isAlive(owner))) return { ok: false, failure: owner };
      await removeStale(path);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** As `tryFolderLock`, but waits for at most `waitMs`; `onWait(owner)` is called once, before the first wait. */
export async function waitForFolderLock(path, { waitMs, onWait, signal, details }) {
  const deadline = Date.now() + waitMs;
  for (let first = true; ; first = false) {
    const taken = await tryFolderLock(path, details);
    if (taken.ok || Date.now() > deadline) return taken;
    if (first) onWait?.(taken.failure);
    await pause(POLL_MS, undefined, { signal });
  }
}

async function releaseLock(path, content) {
  const now = await readFile(path, "utf8").catch(() => null);
  if (now === content) await rm(path, { force: true });
}

async function linkedAs(draft, path) {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

async function readOwner(path) {
  try {
    const owner = JSON.parse(await readFile(path, "utf8"));
    return Number.isInteger(owner?.pid) ? owner : null;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function isAlive(owner) {
  const identity = await readProcessIdentity(owner.pid);
  return identity !== null && (typeof owner.identity !== "string" || identity === owner.identity);
}

/** Removes a dead owner's lock. Under a guard, so that nobody removes the lock of the one who was faster. */
async function removeStale(path) {
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const made = await stat(guard).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > GUARD_STALE_MS)
      await rm(guard, { recursive: true, force: true });
    await pause(POLL_MS / 10);
    return;
  }
  try {
    const owner = await readOwner(path);
    if (owner === null || !(await isAlive(owner))) await unlink(path).catch(() => undefined);
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}
