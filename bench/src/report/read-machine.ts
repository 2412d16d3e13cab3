import { cpus, release, totalmem, type } from "node:os";
import type Dockerode from "dockerode";

/** On what was measured. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memory_mb: number;
  readonly system: string;
  readonly node: string;
  readonly engine: string;
}

export async function readMachine(docker: Dockerode): Promise<Machine> {
  const { Version } = await docker.version();
  const [first] = cpus();
  return {
    processor: first?.model ?? "unknown",
    processors: cpus().length,
    memory_mb: Math.round(totalmem() / 1_048_576),
    system: `${type()} ${release()}`,
    node: process.version,
    engine: `Docker ${Version}`,
  };
}
