import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@longshore/client";
import { afterAll, beforeAll } from "vitest";
import type { Face } from "../face.ts";
import { type CliEnd, type CliOptions, type RunningCli, startProgram } from "./run-cli.ts";
import { startInTerminal, type Terminal } from "./terminal.ts";

/** What the suites of the command line use: the packed program, a folder to be in, and the service's client to look. */
export interface CliBench {
  readonly client: () => Client;
  /** The packed program's file. */
  readonly program: () => string;
  /** The folder in which the programs run. */
  readonly folder: () => string;
  readonly environment: () => Readonly<Record<string, string>>;
  /** Starts `longshore` on pipes. */
  start(args: readonly string[], options?: CliOptions): RunningCli;
  run(args: readonly string[], options?: CliOptions): Promise<CliEnd>;
  /** Starts `longshore` in a terminal. */
  inTerminal(args: readonly string[], env?: Readonly<Record<string, string>>): Terminal;
  /** Runs a script of bash in which `longshore` is a command. */
  bash(script: string): Promise<CliEnd>;
}

/** To be called where a suite is described. */
export function useCliBench(face: () => Face): CliBench {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "longshore-cli-tests-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const environment = () => ({ HOME: folder, LONGSHORE_URL: face().url, LONGSHORE_API_KEY: face().key });
  const start: CliBench["start"] = (args, { env = {}, cwd = folder, ...rest } = {}) =>
    startProgram(face().cli.program, args, { ...rest, cwd, env: { ...environment(), ...env } });
  return {
    ...{ start, environment },
    folder: () => folder,
    program: () => face().cli.program,
    client: () => createClient({ url: face().url, apiKey: face().key }),
    run: (args, options) => start(args, options).ended,
    inTerminal: (args, env = {}) =>
      startInTerminal(face().cli.program, args, { env: { ...environment(), ...env }, cwd: folder }),
    bash: (script) => {
      const path = `${face().cli.bin}:${process.env["PATH"] ?? ""}`;
      return startProgram("bash", ["-c", script], { cwd: folder, env: { ...environment(), PATH: path } })
        .ended;
    },
  };
}
