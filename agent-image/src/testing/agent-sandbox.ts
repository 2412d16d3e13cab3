import { readFileSync } from "node:fs";
import { PassThrough, Writable, type Duplex } from "node:stream";
import { relayProgram, relayUser, type SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import Dockerode from "dockerode";
import { createAgentLink, type AgentLink } from "./agent-link.ts";

const image = process.env["AGENT_IMAGE"] ?? "longshore-agent:dev";
const uid = 20_321;
const mebibyte = 1_048_576;

/** STEP_RUNNER of the worker. */
export type StepRunner = "on" | "off";

/** With `STEP_RUNNER=off` in the environment, all that asks for neither is tested without the runner. */
const usualRunner: StepRunner = process.env["STEP_RUNNER"] === "off" ? "off" : "on";

export interface AgentSandboxOptions {
  readonly stepRunner?: StepRunner;
  /** STEP_PRELOAD of the worker. */
  readonly stepPreload?: string;
  readonly workspaceBytes?: number;
  readonly memoryBytes?: number;
}

/** A real Sandbox with a real agent, by the recipe of the worker, and `link` as its worker. */
export interface AgentSandbox {
  readonly link: AgentLink;
  readonly facts: SandboxFacts;
  /** Milliseconds from the engine's start call to `hello`. */
  readonly helloMs: number;
  /** Another worker's connection: a relay that has said nothing yet. */
  relay(): Promise<Relay>;
  /** What a program in the Sandbox, with the Job's user, prints to stdout. It is no Step: the launcher is not used. */
  exec(...command: readonly string[]): Promise<string>;
  /** Resident bytes of the agent. */
  agentRss(): Promise<number>;
  isRunning(): Promise<boolean>;
  remove(): Promise<void>;
}

/** A relay in the Sandbox, and `link` to the agent through it. */
export interface Relay {
  readonly link: AgentLink;
  /** Its exit code, when it has ended. */
  exitCode(): Promise<number | null>;
}

export async function startAgent(options: AgentSandboxOptions = {}): Promise<AgentSandbox> {
  const docker = new Dockerode();
  const container = await docker.createContainer(sandboxOptions(options));
  const remove = async (): Promise<void> => void (await container.remove({ force: true }));
  const attach = async (): Promise<AgentLink> => {
    const ends = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    // safety: a hijacked attach gives the connection itself, a socket.
    return linkOf(docker, (await container.attach(ends)) as Duplex);
  };
  const relay = async (): Promise<Relay> => {
    const run = await container.exec({
      ...{ Cmd: [relayProgram], User: relayUser, WorkingDir: "/" },
      ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true },
    });
    const link = linkOf(docker, await run.start({ hijack: true, stdin: true }));
    return { link, exitCode: async () => (await run.inspect()).ExitCode };
  };
  const exec = async (...command: readonly string[]): Promise<string> => {
    const run = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
    return readStdout(docker, await run.start({}));
  };
  try {
    const link = await attach();
    const startedAt = performance.now();
    await container.start();
    const { facts } = await link.take("hello");
    return {
      link,
      facts,
      helloMs: performance.now() - startedAt,
      relay,
      exec,
      agentRss: async () =>
        Number(/\d+(?= .*agentd .*cjs)/.exec(await exec("ps", "-o", "rss=,args=", "--ppid", "1"))?.[0]) *
        1_024,
      isRunning: async () => (await container.inspect()).State.Running,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function sandboxOptions({
  workspaceBytes = 64 * mebibyte,
  memoryBytes = 512 * mebibyte,
  stepRunner = usualRunner,
  stepPreload = "",
}: AgentSandboxOptions): Dockerode.ContainerCreateOptions {
  const tmpfs = `rw,exec,nosuid,nodev,nr_inodes=8192,mode=0700,uid=${String(uid)},gid=${String(uid)}`;
  const profile = new URL("../../../apps/worker/src/sandbox/docker/seccomp-profile.json", import.meta.url);
  return {
    Image: image,
    User: `${String(uid)}:${String(uid)}`,
    Hostname: "sandbox",
    Env: [
      ...["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8"],
      ...(stepRunner === "off" ? ["LONGSHORE_STEP_RUNNER=off"] : []),
      ...(stepPreload === "" ? [] : [`LONGSHORE_STEP_PRELOAD=${stepPreload}`]),
    ],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: false,
    Tty: false,
    StopSignal: "SIGKILL",
    Labels: { "longshore.test": "agent" },
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true", `seccomp=${readFileSync(profile, "utf8")}`],
      IpcMode: "private",
      Init: false,
      Tmpfs: {
        "/workspace": `${tmpfs},size=${String(workspaceBytes)}`,
        "/tmp": `${tmpfs},size=${String(64 * mebibyte)}`,
      },
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      PidsLimit: 272,
      NanoCpus: 1e9,
      OomScoreAdj: 500,
      Ulimits: [{ Name: "nofile", Soft: 1_024, Hard: 4_096 }],
      LogConfig: { Type: "none", Config: {} },
    },
  };
}

function linkOf(docker: Dockerode, stream: Duplex): AgentLink {
  const stdout = new PassThrough();
  const stderr: Buffer[] = [];
  docker.modem.demuxStream(stream, stdout, collectInto(stderr));
  stream.once("close", () => stdout.end());
  return createAgentLink(stream, stdout, () => Buffer.concat(stderr).toString("utf8"));
}

async function readStdout(docker: Dockerode, stream: NodeJS.ReadWriteStream): Promise<string> {
  const stdout: Buffer[] = [];
  docker.modem.demuxStream(stream, collectInto(stdout), collectInto([]));
  await new Promise<void>((resolve) => stream.once("end", () => resolve()));
  return Buffer.concat(stdout).toString("utf8");
}

function collectInto(chunks: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, callback) {
      chunks.push(chunk);
      callback();
    },
  });
}
