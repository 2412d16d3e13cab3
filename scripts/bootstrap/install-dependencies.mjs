import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { waitForFolderLock } from "../lock/folder-lock.mjs";
import { explainNpmFailure } from "./explain-npm-failure.mjs";

/** As long as the slowest `npm ci` may take, on a slow line. */
const INSTALL_LIMIT_MS = 15 * 60_000;
const OUTPUT_LIMIT = 64 * 1024;

/** Runs `npm ci` where node_modules is missing or older than the lockfile; two commands at once run it once. */
export async function installDependencies(root) {
  if (await isUpToDate(root)) return { ok: true, value: false };
  const lock = await takeLock(root);
  if (!lock.ok) return lock;
  try {
    if (await isUpToDate(root)) return { ok: true, value: false };
    return await runNpmCi(root);
  } finally {
    await lock.value.release();
  }
}

/** The same comparison that npm makes: its own record in node_modules against the lockfile. */
async function isUpToDate(root) {
  const wanted = await stat(join(root, "package-lock.json")).catch(() => null);
  const present = await stat(join(root, "node_modules", ".package-lock.json")).catch(() => null);
  return present !== null && (wanted === null || present.mtimeMs >= wanted.mtimeMs);
}

async function takeLock(root) {
  // Not in node_modules: `npm ci` deletes that folder first.
  const path = join(root, ".longshore", "install.lock");
  try {
    const taken = await waitForFolderLock(path, {
      waitMs: INSTALL_LIMIT_MS,
      onWait: ({ pid }) =>
        say(`Another command (pid ${pid}) is installing the dependencies; waiting for it.`),
    });
    if (taken.ok) return taken;
    return {
      ok: false,
      failure: `Process ${taken.failure.pid} has been installing for too long. Stop it, and try again.`,
    };
  } catch (error) {
    return { ok: false, failure: explainNpmFailure(`${error.code} ${error.message}`, root) };
  }
}

async function runNpmCi(root) {
  say("Installing dependencies (npm ci; a minute or so, the first time only) …");
  const began = Date.now();
  const stopProgress = showElapsed(began);
  const { code, output } = await runNpm(root);
  stopProgress();
  if (code !== 0) return { ok: false, failure: `${output.trimEnd()}\n\n${explainNpmFailure(output, root)}` };
  say(`Dependencies installed in ${seconds(began)}.`);
  return { ok: true, value: true };
}

function runNpm(root) {
  const child = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=warn"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: INSTALL_LIMIT_MS,
  });
  let output = "";
  const keep = (chunk) => (output = (output + chunk).slice(-OUTPUT_LIMIT));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const forward = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, output: `${error.code} ${error.message}` }));
    child.once("close", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve({ code, output: signal === null ? output : `${output}\nnpm ci was stopped by ${signal}.` });
    });
  });
}

/** A line that counts on a terminal; elsewhere a line every 15 s, so that a log shows that it is alive. */
function showElapsed(began) {
  const { stderr } = process;
  const draw = stderr.isTTY
    ? () => stderr.write(`\r  npm ci … ${seconds(began)} `)
    : () => say(`  still installing, ${seconds(began)}`);
  const timer = setInterval(draw, stderr.isTTY ? 250 : 15_000);
  return () => {
    clearInterval(timer);
    if (stderr.isTTY) stderr.write("\r\u001b[K");
  };
}

const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`;
const say = (line) => process.stderr.write(`${line}\n`);
