import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { expect } from "vitest";

/** A program that runs in a terminal, and somebody who sits before it. */
export interface Terminal {
  /** All that was sent to it so far, as it came. */
  raw(): string;
  /** The same without what moves the cursor or colours. */
  text(): string;
  /** Resolves when the text is there. */
  sees(text: string): Promise<void>;
  type(keys: string): void;
  /** As a window is closed: what runs in it is hung up. */
  close(): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
}

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns?: number;
}

const limitMs = 60_000;

/** Starts a program in a terminal of its own. One that does not end in a minute is killed. */
export function startInTerminal(
  file: string,
  args: readonly string[],
  { env, cwd, columns = 100 }: TerminalOptions,
): Terminal {
  const path = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  const pty = spawn(file, [...args], {
    ...{ name: "xterm-256color", cols: columns, rows: 40, cwd },
    env: { PATH: path, ...env },
  });
  let raw = "";
  pty.onData((piece) => (raw += piece));
  const limit = setTimeout(() => pty.kill("SIGKILL"), limitMs);
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal = 0 }) => {
      clearTimeout(limit);
      resolve(signal === 0 ? exitCode : 128 + signal);
    });
  });
  const text = () => stripVTControlCharacters(raw);
  return {
    ...{ raw: () => raw, text, ended },
    sees: async (wanted) => {
      await expect.poll(text, { timeout: 20_000, interval: 20 }).toContain(wanted);
    },
    type: (keys) => pty.write(keys),
    close: () => pty.kill("SIGHUP"),
  };
}
