import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { exitCodeMisconfigured } from "@longshore/shared/runtime/exit-codes";
import { nodeFlags } from "@longshore/shared/runtime/node-flags";
import pretty from "pino-pretty";
import { compileCache } from "../programs/ensure-program.mjs";
import { root } from "../root.ts";
import { restartPause } from "./restart-pause.ts";

export interface PartOptions {
  /** As people call it: "api". */
  readonly name: string;
  /** The path of the program. */
  readonly entry: string;
  /** The same before it is started again, as its sources may be others by then; `entry`, where left out. */
  readonly findEntry?: () => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Called when it ended with a fault that starting again does not mend; it has printed which. */
  readonly onMisconfigured: () => void;
}
export interface Part {
  /** Asks it to stop (SIGTERM) and waits; after `limitMs` it is killed, where there is a limit. */
  readonly stop: (limitMs: number | null) => Promise<void>;
  /** Asks it once more (SIGTERM), where it was asked. */
  readonly askAgain: () => void;
  /** Kills it at once. */
  readonly kill: () => void;
}

/** A part that lived this long was well: its next death counts as the first. */
const HEALTHY_MS = 60_000;

/** Runs one part of the service as a child process, and starts it again, with a growing pause, when it dies. */
export function supervisePart(options: PartOptions): Part {
  let child: ChildProcess | null = null;
  let restart: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;

  const startAgain = async () => {
    const entry = (await options.findEntry?.()) ?? options.entry;
    if (!stopping) start(entry);
  };
  const start = (entry: string) => {
    const began = Date.now();
    child = spawnPart(entry, options);
    child.once("error", (error) => options.say(`${options.name} does not start: ${error.message}`));
    child.once("close", (code, signal) => {
      child = null;
      if (stopping) return;
      if (code === exitCodeMisconfigured) {
        options.onMisconfigured();
        return;
      }
      deaths = Date.now() - began >= HEALTHY_MS ? 1 : deaths + 1;
      const pauseMs = restartPause(deaths);
      options.say(
        `${options.name} ended (${signal ?? `exit code ${code}`}); starting it again in ${pauseMs / 1000} s.`,
      );
      restart = setTimeout(() => void startAgain(), pauseMs);
    });
  };
  start(options.entry);

  return {
    stop: async (limitMs) => {
      stopping = true;
      clearTimeout(restart);
      if (child !== null) await stopChild(child, limitMs, options);
    },
    askAgain: () => {
      if (stopping) child?.kill("SIGTERM");
    },
    kill: () => child?.kill("SIGKILL"),
  };
}

/**
 * In a process group of its own, so that a Ctrl-C reaches it only as the SIGTERM of an orderly stop. It learns of the
 * death of this process by the IPC channel, and stops then, too.
 */
function spawnPart(entry: string, { env }: Pick<PartOptions, "env">): ChildProcess {
  const readable = process.stdout.isTTY;
  const child = spawn(process.execPath, [...nodeFlags, entry], {
    env: { NODE_COMPILE_CACHE: compileCache(root), ...env },
    stdio: ["ignore", readable ? "pipe" : "inherit", "inherit", "ipc"],
    detached: true,
  });
  if (readable) child.stdout?.pipe(pretty({ colorize: true, ignore: "pid,hostname" }));
  return child;
}

async function stopChild(
  child: ChildProcess,
  limitMs: number | null,
  { name, say }: PartOptions,
): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killLate = (limit: number) => {
    say(`${name} did not stop within ${limit / 1000} s, and is killed.`);
    child.kill("SIGKILL");
  };
  const timer = limitMs === null ? undefined : setTimeout(killLate, limitMs, limitMs);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
}
