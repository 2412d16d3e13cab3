import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const image = process.env["AGENT_IMAGE"] ?? "longshore-agent:dev";
const profile = fileURLToPath(
  new URL("../../apps/worker/src/sandbox/docker/seccomp-profile.json", import.meta.url),
);
const tmpfs = "rw,exec,nosuid,nodev,nr_inodes=8192,mode=0700,uid=20123,gid=20123";

/** The create options of a real sandbox, as far as the image and its programs depend on them. */
const optionsWith = (seccomp: string): readonly string[] => [
  ..."--interactive --user 20123:20123 --network none --read-only --cap-drop ALL --ipc private".split(" "),
  ..."--cgroupns private --memory 1g --memory-swap 1g --pids-limit 272 --cpus 1".split(" "),
  ..."--oom-score-adj 500 --ulimit nofile=1024:4096 --ulimit core=1:1 --log-driver none".split(" "),
  ...["--security-opt", "no-new-privileges:true", "--security-opt", `seccomp=${seccomp}`],
  ...["--tmpfs", `/workspace:size=256m,${tmpfs}`, "--tmpfs", `/tmp:size=64m,${tmpfs}`],
  ...["--label", "longshore.test=native"],
];

/** Stands in for the agent: the same program, with its file threads running, and nothing else to do. */
const idleAgent = `
  for (const name of ["SIGUSR1", "SIGHUP"]) process.on(name, () => {});
  require("node:fs").promises.writeFile("/tmp/agent.pid", String(process.pid));
  setInterval(() => {}, 1e6);`;

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the engine's command line client. A program's own exit code is an answer; failing to start it throws. */
export async function docker(...args: readonly string[]): Promise<Ended> {
  try {
    const ended = await promisify(execFile)("docker", args, { maxBuffer: 8 << 20, timeout: 60_000 });
    return { exitCode: 0, ...ended };
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "number") throw error;
    const stdout = "stdout" in error ? String(error.stdout) : "";
    const stderr = "stderr" in error ? String(error.stderr) : "";
    return { exitCode: error.code, stdout, stderr };
  }
}

export interface HardenedContainer {
  readonly id: string;
  readonly agentPid: number;
  /** Runs a program as the job's user, without the launcher. */
  readonly exec: (...command: readonly string[]) => Promise<Ended>;
  /** Runs a program as a step: through the launcher. */
  readonly launch: (...command: readonly string[]) => Promise<Ended>;
  readonly remove: () => Promise<void>;
}

/** Starts the image's init over a command of its own, with a sandbox's options. Answers the container's id. */
export function startHardened(...command: readonly string[]): Promise<string> {
  return startWith(profile, command);
}

async function startWith(seccomp: string, command: readonly string[]): Promise<string> {
  const started = await docker("run", "--detach", ...optionsWith(seccomp), image, ...command);
  if (started.exitCode !== 0) throw new Error(`${image} did not start: ${started.stderr}`);
  return started.stdout.trim();
}

/** Runs the image's init over a command of its own, with a sandbox's options, to its end. */
export function runHardened(...command: readonly string[]): Promise<Ended> {
  return docker(
    "run",
    "--rm",
    "--attach",
    "stdout",
    "--attach",
    "stderr",
    ...optionsWith(profile),
    image,
    ...command,
  );
}

/** A hardened container in which the idle agent runs, its pid known; its engine filters by another profile if told so. */
export async function createHardenedContainer(seccomp = profile): Promise<HardenedContainer> {
  const id = await startWith(seccomp, ["/opt/longshore/agentd", "-e", idleAgent]);
  const exec = (...command: readonly string[]) => docker("exec", id, ...command);
  const remove = async () => void (await docker("rm", "--force", id));
  const waiting =
    "for i in $(seq 100); do [ -s /tmp/agent.pid ] && exec cat /tmp/agent.pid; sleep 0.1; done; exit 1";
  const { exitCode, stdout, stderr } = await exec("bash", "-c", waiting);
  if (exitCode !== 0) {
    await remove();
    throw new Error(`the idle agent did not write its pid within 10 s: ${stderr}`);
  }
  const launch = (...command: readonly string[]) => exec("/opt/longshore/launch", stdout, ...command);
  return { id, agentPid: Number(stdout), exec, launch, remove };
}
