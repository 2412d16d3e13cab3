import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { waitUntil } from "../../../tests/chaos/trials/wait-until.ts";
import { findFreePort } from "../../../scripts/host/free-port.ts";

export interface StartPlace {
  /** The folder of package.json. */
  readonly root: string;
  /** Has the service's data, from one start to the next. */
  readonly folder: string;
  readonly stop: AbortSignal;
}

const boundMs = 120_000;
const everyMs = 10;

/** Ms from `npm start`, as a person says it, until /ready answers 200; then stops it. */
export async function timeStart({ root, folder, stop }: StartPlace): Promise<number> {
  const port = await findFreePort();
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env;
  const env = { ...inherited, PORT: String(port), DATA_DIR: join(folder, "start"), HOST: "127.0.0.1" };
  const began = performance.now();
  // In a process group of its own, so that npm and what it has started are asked to stop together, as by Ctrl-C.
  const child = spawn("npm", ["start", "--silent"], { cwd: root, env, stdio: "ignore", detached: true });
  const exited = once(child, "exit");
  try {
    const ready = async () => {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/ready`).catch(() => null);
      await answer?.body?.cancel();
      return answer?.status === 200 ? performance.now() - began : null;
    };
    return await waitUntil(ready, { what: "npm start is ready", boundMs, stop, everyMs });
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    await exited;
  }
}
