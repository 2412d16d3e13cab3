import { randomUUID } from "node:crypto";
import type Dockerode from "dockerode";
import { lastLines, runProgram } from "../../../scripts/host/run-program.ts";
import { timeProgram } from "../measure/time-program.ts";

/** The engine as people use it by hand, through the docker command: what rows are held against. */
export interface PlainEngine extends AsyncDisposable {
  readonly docker: Dockerode;
  /** Times `docker run` of a program of the image, without network and nothing else; `printed` is a file for its output. */
  run(program: readonly string[], printed?: string): Promise<number>;
  /** As `run`, of a container that has the engine for itself, and is removed after the time is taken. */
  runAlone: PlainEngine["run"];
  /** Starts a container that runs the program, by `docker run --detach`, and gives its id. */
  start(program: readonly string[]): Promise<string>;
  /** Times `docker <args>`. */
  time(args: readonly string[]): Promise<number>;
  /** Removes what `run` and `start` have made. */
  removeAll(): Promise<void>;
}

export interface PlainEngineDeps {
  readonly docker: Dockerode;
  readonly image: string;
  readonly stop: AbortSignal;
}

const startLimitMs = 60_000;

export function createPlainEngine({ docker, image, stop }: PlainEngineDeps): PlainEngine {
  const label = `longshore.bench=${randomUUID()}`;
  const toRun = ([file = "true", ...args]: readonly string[], ...options: readonly string[]) => [
    ...["run", ...options, "--network", "none", "--label", label, "--entrypoint", file, image],
    ...args,
  ];
  const time = (args: readonly string[]) => timeProgram("docker", args, stop);
  const run: PlainEngine["run"] = (program, printed = "/dev/null") =>
    timeProgram("sh", ["-c", 'exec docker "$@" > "$0"', printed, ...toRun(program)], stop);
  const removeAll = async () => {
    for (const { Id } of await docker.listContainers({ all: true, filters: { label: [label] } }))
      await docker.getContainer(Id).remove({ force: true });
  };
  return {
    ...{ docker, time, run },
    runAlone: async (...args) => {
      const tookMs = await run(...args);
      await removeAll();
      return tookMs;
    },
    start: async (program) => {
      const { code, output } = await runProgram("docker", toRun(program, "--detach"), {
        limitMs: startLimitMs,
        signal: stop,
      });
      if (code !== 0) throw new Error(`docker run: ${lastLines(output)}`);
      // A warning of the engine may stand before it.
      return lastLines(output, 1);
    },
    removeAll,
    [Symbol.asyncDispose]: removeAll,
  };
}
