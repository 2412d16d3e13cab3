import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { nodeFlags } from "@longshore/shared/runtime/node-flags";
import { compileCache } from "../../../scripts/programs/ensure-program.mjs";
import { partFile } from "../../../scripts/programs/parts.ts";
import { root } from "../../../scripts/root.ts";

export interface SupervisedOptions {
  readonly part: "api" | "worker";
  /** As reports call it: "worker-1". */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it prints goes into a file there for each start. */
  readonly logFolder: string;
  readonly restartPauseMs: () => number;
  readonly onExit: (exit: ProcessExit) => void;
  /** A program before node and its arguments, such as `unshare`. */
  readonly wrapper: readonly string[];
  readonly nodeArguments: readonly string[];
}

export interface ProcessExit {
  readonly name: string;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** False where it ended by itself. */
  readonly asked: boolean;
  /** True where a fault has killed it, also on its way out. */
  readonly killed: boolean;
  readonly logFile: string;
}

/** True where SIGTERM ended it as promised, or before it had begun: on a busy machine, Node itself takes a while. */
export function endedWell(exit: ProcessExit | null): boolean {
  if (exit === null) return false;
  return exit.code === 0 || (exit.signal === "SIGTERM" && statSync(exit.logFile).size === 0);
}

const tailBytes = 3_000;

/** The last lines of such a log, for a report: files go with the folder that they are in. */
export function tailOfLog(logFile: string): string {
  const text = readFileSync(logFile, "utf8").slice(-tailBytes);
  return text === "" ? `${logFile} is empty` : `the end of ${logFile}:\n${text.trimEnd()}`;
}

/** An API or a worker that is started again when it ends, whyever it does. */
export interface SupervisedProcess {
  readonly name: string;
  /** 0 while none runs. */
  pid(): number;
  /** Of the process that runs, or ran last. */
  logFile(): string;
  /** Every pid that it had. */
  pids(): readonly number[];
  /** kill -9 to the process that runs. */
  kill(): void;
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves with how it ended, null where it did not in time (it is killed then). A new one starts. */
  terminate(bound?: TerminateBound): Promise<ProcessExit | null>;
  /** Has it for one fault alone until what it gives is called; null where another has it. Kills don't ask. */
  take(): (() => void) | null;
  /** Settings for the next start, over those of `env`. */
  startNextWith(env: Readonly<Record<string, string>>, nodeArguments?: readonly string[]): void;
  /** SIGTERM for good. */
  stop(): Promise<ProcessExit | null>;
  /** kill -9 for good. */
  destroy(): Promise<void>;
}

export interface TerminateBound {
  readonly boundMs: number;
  /** Whether it gets a second SIGTERM when the bound is over, and as long again from there. */
  readonly asksAgain: boolean;
}

const stopBound: TerminateBound = { boundMs: 40_000, asksAgain: false };

/** Starts the part, as `npm start` does, and keeps it running. */
export function superviseProcess(options: SupervisedOptions): SupervisedProcess {
  const pids: number[] = [];
  let logFile = "";
  let child: ChildProcess | null = null;
  let exited: Promise<ProcessExit> | null = null;
  let asked = false;
  let killed = false;
  let isTaken = false;
  let over = false;
  let next: { env: Readonly<Record<string, string>>; args: readonly string[] } = { env: {}, args: [] };
  let restart: NodeJS.Timeout | undefined;

  const start = () => {
    logFile = join(options.logFolder, `${options.name}-${String(pids.length + 1)}.log`);
    const started = spawnPart(options, next.env, next.args, logFile);
    next = { env: {}, args: [] };
    child = started;
    asked = false;
    killed = false;
    const [pid, ownLogFile] = [started.pid ?? 0, logFile];
    pids.push(pid);
    exited = once(started, "exit").then(([code, signal]) => {
      // safety: the two arguments of node's "exit" event.
      const exit = {
        ...{ name: options.name, pid, asked, killed, logFile: ownLogFile },
        code,
        signal,
      } as ProcessExit;
      child = null;
      options.onExit(exit);
      if (!over) restart = setTimeout(start, options.restartPauseMs());
      return exit;
    });
  };
  start();
  const send = (signal: NodeJS.Signals) => {
    if (signal === "SIGKILL" || signal === "SIGTERM") asked = true;
    child?.kill(signal);
  };
  const terminate = async ({ boundMs, asksAgain } = stopBound): Promise<ProcessExit | null> => {
    const ending = child === null ? null : exited;
    if (ending === null) return null;
    for (let asks = 0; asks < (asksAgain ? 2 : 1); asks += 1) {
      send("SIGTERM");
      const ended = await Promise.race([ending, pause(boundMs, null, { ref: false })]);
      if (ended !== null) return ended;
    }
    send("SIGCONT");
    send("SIGKILL");
    await ending;
    return null;
  };
  const end = () => {
    over = true;
    clearTimeout(restart);
  };
  return {
    name: options.name,
    pid: () => child?.pid ?? 0,
    pids: () => pids,
    logFile: () => logFile,
    kill: () => {
      killed = true;
      send("SIGKILL");
    },
    take: () => {
      if (isTaken) return null;
      isTaken = true;
      return () => void (isTaken = false);
    },
    freeze: () => send("SIGSTOP"),
    thaw: () => send("SIGCONT"),
    terminate,
    startNextWith: (env, nodeArguments = []) => void (next = { env, args: nodeArguments }),
    stop: () => {
      end();
      return terminate();
    },
    destroy: async () => {
      end();
      send("SIGKILL");
      if (child !== null) await exited;
    },
  };
}

function spawnPart(
  { part, env, wrapper, nodeArguments }: SupervisedOptions,
  more: Readonly<Record<string, string>>,
  moreArguments: readonly string[],
  logFile: string,
): ChildProcess {
  const entry = partFile(root, part);
  const [file = process.execPath, ...args] = [
    ...wrapper,
    process.execPath,
    ...[...nodeFlags, ...nodeArguments, ...moreArguments, entry],
  ];
  const output = openSync(logFile, "a");
  try {
    return spawn(file, args, {
      env: {
        ...{ PATH: process.env["PATH"], HOME: process.env["HOME"] },
        ...{ NODE_COMPILE_CACHE: compileCache(root), ...env, ...more },
      },
      stdio: ["ignore", output, output],
    });
  } finally {
    closeSync(output);
  }
}
