import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { waitUntil } from "./wait-until.ts";

/** A container engine of the suite's own, with its own containerd, images and containers. */
export interface OwnEngine {
  readonly host: string;
  /** SIGTERM, as a service manager sends it, and a new one; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes all it had. */
  remove(): Promise<void>;
}

const run = promisify(execFile);
const startBoundMs = 60_000;
const shimsBoundMs = 20_000;

/** Starts it without networks and gives it the agent's image, by way of the machine's engine. */
export async function startOwnEngine(say: (line: string) => void, stop: AbortSignal): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-engine-"));
  const host = `unix://${join(folder, "engine.sock")}`;
  let engine: ChildProcess | null = null;
  const start = async () => {
    engine = spawnEngine(folder, host);
    const answers = () => run("docker", ["-H", host, "info"]).then(Boolean, () => null);
    await waitUntil(answers, { what: "the trial's own engine answers", boundMs: startBoundMs, stop });
  };
  const end = async () => {
    if (engine === null || engine.exitCode !== null || engine.signalCode !== null) return;
    const exited = once(engine, "exit");
    engine.kill("SIGTERM");
    await exited;
  };
  const remove = async () => {
    try {
      // While the engine still answers: a shim outlives the engine that started it.
      await endContainers(host);
    } finally {
      await end();
      await rm(folder, { recursive: true, force: true });
    }
  };
  try {
    await start();
    say("Loading the agent's image into an engine of the trial's own");
    await copyImage(host, process.env["AGENT_IMAGE"] ?? "longshore-agent:dev");
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    ...{ host, remove },
    restart: async () => {
      await end();
      await start();
    },
  };
}

/**
 * Removes every container of the engine and waits until their shims, known by the containers' ids, have ended. Also for
 * a trial that was stopped: it has to go clean. An engine that does not answer has nothing removed.
 */
async function endContainers(host: string): Promise<void> {
  const bounded = { timeout: shimsBoundMs };
  const listed = await run("docker", ["-H", host, "ps", "--all", "--quiet", "--no-trunc"], bounded).catch(
    () => null,
  );
  const ids = listed?.stdout.split("\n").filter(Boolean) ?? [];
  if (ids.length === 0) return;
  await run("docker", ["-H", host, "rm", "--force", ...ids], bounded).catch(() => null);
  const gone = async () => ((await countShims(ids)) === 0 ? true : null);
  const { signal: stop } = new AbortController();
  await waitUntil(gone, { what: "the engine's shims have ended", boundMs: shimsBoundMs, stop });
}

async function countShims(ids: readonly string[]): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes("containerd-shim") && ids.some((id) => line.includes(id)))
    .length;
}

function spawnEngine(folder: string, host: string): ChildProcess {
  const folders = ["data-root", "exec-root"].flatMap((name) => [`--${name}`, join(folder, name)]);
  const output = openSync(join(folder, "engine.log"), "a");
  try {
    const own = ["--host", host, ...folders, "--pidfile", join(folder, "engine.pid")];
    // In a network of its own: an engine without a bridge takes away the bridge of the machine's other one.
    return spawn("unshare", ["--net", "dockerd", ...own, "--bridge", "none", "--iptables=false"], {
      stdio: ["ignore", output, output],
    });
  } finally {
    closeSync(output);
  }
}

async function copyImage(host: string, image: string): Promise<void> {
  const save = spawn("docker", ["save", image], { stdio: ["ignore", "pipe", "inherit"] });
  const load = spawn("docker", ["-H", host, "load"], { stdio: ["pipe", "ignore", "inherit"] });
  const loaded = once(load, "exit");
  await pipeline(save.stdout, load.stdin);
  const [code] = (await loaded) as [number | null];
  if (code !== 0) throw new Error(`docker load ended with ${String(code)}`);
}
