import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { nodeFlags } from "@longshore/shared/runtime/node-flags";
import { compileCache } from "../../scripts/programs/ensure-program.mjs";
import { partFile } from "../../scripts/programs/parts.ts";
import { root } from "../../scripts/root.ts";

/** One part of the service, API or worker, as a real process. */
export interface ServiceProcess {
  readonly pid: number;
  /** What it logged so far, one parsed line each. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** What it wrote to stderr so far, which is shown as well. */
  complaints(): string;
  /** Resolves with the first log line, past or to come, that fits; rejects after `boundMs` or when the process ends. */
  logged(
    fits: (line: Readonly<Record<string, unknown>>) => boolean,
    boundMs?: number,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Sends the signal and resolves with how it ended, once all that it logged has been read. */
  end(signal: NodeJS.Signals): Promise<ServiceEnd>;
  /** Resolves with how it ended, whoever ended it. */
  readonly exited: Promise<ServiceEnd>;
  send(signal: NodeJS.Signals): void;
}

interface ServiceEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts the part, as `npm start` does, with this environment and nothing of the tests' own settings. */
export function startService(part: "api" | "worker", env: Readonly<Record<string, string>>): ServiceProcess {
  const inherited = Object.fromEntries(
    ["PATH", "HOME", "DOCKER_HOST"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const child = spawn(process.execPath, [...nodeFlags, partFile(root, part)], {
    env: { NODE_COMPILE_CACHE: compileCache(root), ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return watch(child, part);
}

function watch(child: ChildProcess, part: string): ServiceProcess {
  const log: Readonly<Record<string, unknown>>[] = [];
  const listeners = new Set<() => void>();
  // Not `exit`, which can come before its last lines have been read.
  const exited = once(child, "close").then(([code, signal]): ServiceEnd => ({ code, signal }));
  let ended: ServiceEnd | null = null;
  if (child.stdout === null || child.pid === undefined) throw new Error(`${part} was not started`);
  createInterface(child.stdout).on("line", (line) => {
    // safety: pino writes one JSON object a line.
    log.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
    for (const listener of listeners) listener();
  });
  const complaints = keepAndShow(child.stderr);
  void exited.then((end) => {
    ended = end;
    for (const listener of listeners) listener();
  });
  return {
    pid: child.pid,
    log,
    complaints,
    logged: (fits, boundMs = 20_000) =>
      new Promise((resolve, reject) => {
        const give = (settle: () => void) => {
          listeners.delete(look);
          clearTimeout(timer);
          settle();
        };
        const look = () => {
          const found = log.find(fits);
          if (found !== undefined) give(() => resolve(found));
          else if (ended !== null) {
            const how = `${part} ended with ${String(ended.code ?? ended.signal)}`;
            give(() => reject(new Error(`${how}: ${JSON.stringify(log.at(-1))}`)));
          }
        };
        const timer = setTimeout(
          () => give(() => reject(new Error(`${part} did not log it within ${String(boundMs)} ms`))),
          boundMs,
        );
        listeners.add(look);
        look();
      }),
    end: async (signal) => {
      child.kill(signal);
      return exited;
    },
    exited,
    send: (signal) => void child.kill(signal),
  };
}

function keepAndShow(stderr: Readable | null): () => string {
  let text = "";
  stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    process.stderr.write(chunk);
  });
  return () => text;
}
