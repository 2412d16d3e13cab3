import { homedir } from "node:os";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { findProgram } from "../host/find-program.ts";
import { runProgram } from "../host/run-program.ts";

const CONTEXT_LIMIT_MS = 5_000;

/** The addresses at which a container engine may listen, likeliest first. DOCKER_HOST is a choice: then no other. */
export async function engineCandidates(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (env["DOCKER_HOST"]) return [env["DOCKER_HOST"]];
  const context = await currentContext(env);
  const sockets = usualSockets(env).filter((path) => existsSync(path));
  return [...new Set([...(context === null ? [] : [context]), ...sockets.map((path) => `unix://${path}`)])];
}

function usualSockets(env: NodeJS.ProcessEnv): readonly string[] {
  const home = homedir();
  const runtime = env["XDG_RUNTIME_DIR"];
  return [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock"), join(runtime, "podman", "podman.sock")] : []),
    join(home, ".docker", "run", "docker.sock"),
    join(home, ".docker", "desktop", "docker.sock"),
    join(home, ".colima", "default", "docker.sock"),
    join(home, ".local", "share", "containers", "podman", "machine", "podman.sock"),
    "/run/podman/podman.sock",
  ];
}

/** The client's current context; dockerode does not read contexts. */
async function currentContext(env: NodeJS.ProcessEnv): Promise<string | null> {
  if ((await findProgram("docker", env["PATH"])) === null) return null;
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const { code, output } = await runProgram("docker", args, { env, limitMs: CONTEXT_LIMIT_MS });
  const host = output.trim();
  return code === 0 && /^(unix|tcp|ssh):\/\/\S+$/.test(host) ? host : null;
}
