import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { access, constants as modes } from "node:fs/promises";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs the program in `entry` under Node 24 and gives its exit code. The child has a process group of its own, so that a
 * Ctrl-C, which a terminal sends to the whole foreground group, reaches it once, by the forwarding here. The IPC
 * channel tells it when this process dies without a word.
 */
export async function runPinnedNode(root, entry, args) {
  const node = await findNode(root);
  if (node === null) return { ok: false, failure: missingNode() };
  const bin = join(root, "node_modules", ".bin");
  const child = spawn(node, [entry, ...args], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: true,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` },
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.once("error", (error) =>
      resolve({ ok: false, failure: `${node} does not start: ${error.message}` }),
    );
    child.once("exit", (code, signal) =>
      resolve({ ok: true, value: code ?? 128 + constants.signals[signal] }),
    );
  });
}

/** The pinned one; else the one that runs this, where it is new enough to run TypeScript as it is. */
async function findNode(root) {
  const pinned = join(root, "node_modules", "node", "bin", "node");
  const present = await access(pinned, modes.X_OK).then(
    () => true,
    () => false,
  );
  if (present) return pinned;
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : null;
}

function missingNode() {
  return (
    `Longshore runs on Node 24, and the package that brings it has no binary here (${process.platform} ` +
    `${process.arch}, or npm was told to ignore install scripts). Install Node 24 from https://nodejs.org, or allow ` +
    "install scripts (npm config set ignore-scripts false) and remove node_modules, then run the command again."
  );
}
