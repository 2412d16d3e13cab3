import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { findProgram } from "../host/find-program.ts";
import { lastLines, runProgram } from "../host/run-program.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { removeStalePidFiles } from "./stale-pid-files.ts";
import type { Engine } from "./find-engine.ts";
import { findEngine } from "./find-engine.ts";

const LOG_FILE = "/var/log/longshore-dockerd.log";
/** dockerd answers within 2 s on an idle machine; a first start on a slow disk takes longer. */
const START_LIMIT_MS = 60_000;
const POLL_MS = 200;
const MOUNT_LIMIT_MS = 10_000;

/**
 * Starts the installed dockerd (as root) and waits until it answers. It is left running when the command ends, so that
 * the next one finds it warm; the message says how to stop it.
 */
export function startDockerd(
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<Result<Engine, SetupFault>> {
  return progress.phase("Starting the container engine (dockerd, as root)", async () => {
    const running = await removeStalePidFiles();
    if (running === null) await launch();
    const engine = await waitForEngine(env);
    if (engine === null) return fail(await noAnswer(running));
    const stop = hasSystemd() ? "systemctl stop docker" : "kill $(cat /var/run/docker.pid)";
    progress.say(`  The engine stays running, so that the next start is quick. To stop it: ${stop}`);
    return succeed(engine);
  });
}

/** systemd sets this folder up where it is the init, see sd_booted(3). */
const hasSystemd = () => existsSync("/run/systemd/system");

async function launch(): Promise<void> {
  if (hasSystemd()) {
    await runProgram("systemctl", ["start", "docker"], { limitMs: START_LIMIT_MS });
    return;
  }
  if (!existsSync("/sys/fs/cgroup/cgroup.controllers") && !existsSync("/sys/fs/cgroup/memory")) {
    await runProgram("cgroupfs-mount", [], { limitMs: MOUNT_LIMIT_MS });
  }
  const log = await open(LOG_FILE, "a");
  try {
    // A session of its own: neither Ctrl-C nor the end of this command may take it along.
    const child = spawn((await findProgram("dockerd")) ?? "dockerd", [], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    child.once("error", () => undefined); // shows as an engine that does not answer
    child.unref();
  } finally {
    await log.close();
  }
}

async function waitForEngine(env: NodeJS.ProcessEnv): Promise<Engine | null> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const { engine } = await findEngine(env);
    if (engine !== null) return engine;
    await pause(POLL_MS);
  }
  return null;
}

async function noAnswer(running: number | null): Promise<SetupFault> {
  if (running !== null)
    return {
      what: `dockerd runs as process ${running}, but does not answer.`,
      advice: `It was left alone. Look at its log, stop it (kill ${running}), then run the command again.`,
    };
  const log = await readFile(LOG_FILE, "utf8").catch(() => "");
  return {
    what: `dockerd did not answer within ${START_LIMIT_MS / 1000} s.\n${lastLines(log)}`,
    advice: hasSystemd() ? "See: journalctl -u docker" : `Its whole log is ${LOG_FILE}.`,
  };
}
