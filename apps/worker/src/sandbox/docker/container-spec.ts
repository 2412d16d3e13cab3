import type Dockerode from "dockerode";
import type { EngineImage } from "./engine-image.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import type { SandboxBounds } from "./sandbox-bounds.ts";

/** What a container is made of. `name` is not in the body: the engine takes it from the URL. */
export interface ContainerSpec {
  readonly name: string;
  readonly uid: number;
  readonly bounds: SandboxBounds;
  readonly body: ContainerBody;
  /** What the image adds to `body.Env`. */
  readonly imageEnv: readonly string[];
}

export type ContainerBody = Omit<Dockerode.ContainerCreateOptions, "name" | "HostConfig"> & {
  readonly Image: string;
  readonly Env: string[];
  readonly Labels: Record<string, string>;
  readonly HostConfig: Dockerode.HostConfig;
};

/** Whether process 1 of a Sandbox starts the Steps, Python ones as forks of an interpreter, or the agent each by itself. */
export const stepRunners = ["on", "off"] as const;
export type StepRunner = (typeof stepRunners)[number];

export interface ContainerSpecInput {
  readonly name: string;
  readonly uid: number;
  /** Its id is `sha256:…`, never a tag: what was checked is what runs. */
  readonly image: EngineImage;
  readonly runtime: string;
  /** On, where it is left out; off where the runtime does not keep process 1 from Steps. */
  readonly stepRunner?: StepRunner | undefined;
  /** Modules that the interpreter of a warm Sandbox loads, by commas; none, where it is left out. */
  readonly stepPreload?: string | undefined;
  readonly bounds: SandboxBounds;
  /** Ids only: the engine repeats labels in its events. */
  readonly labels: Record<string, string>;
  /** The seccomp profile as compact JSON. */
  readonly seccompProfile: string;
}

/** Docker's own masks, which a list of ours replaces, and then what else tells of the host. /sys/fs/cgroup stays: runtimes size heaps by it. */
export const maskedPaths = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
  "/proc/interrupts",
  "/proc/cmdline",
  "/proc/config.gz",
  "/proc/fs",
  "/proc/modules",
  "/proc/kallsyms",
  "/proc/kmsg",
  "/proc/sysrq-trigger",
  "/sys/devices/virtual/dmi",
  "/sys/devices/virtual/powercap",
  "/sys/kernel",
  "/sys/module",
];

const readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/**
 * Soft and hard. A core limit of exactly 1 means "never pipe to the host's crash handler", which 0 does not.
 * nproc only where a Sandbox has a kernel of its own: others count it per user over all containers.
 */
export const sandboxUlimits = [
  { Name: "nofile", Soft: 1_024, Hard: 4_096 },
  { Name: "core", Soft: 1, Hard: 1 },
  { Name: "memlock", Soft: 65_536, Hard: 65_536 },
  { Name: "msgqueue", Soft: 0, Hard: 0 },
  { Name: "sigpending", Soft: 256, Hard: 256 },
  { Name: "rtprio", Soft: 0, Hard: 0 },
] as const;

/** All RLIMITs of a Sandbox with these bounds. */
export function ulimitsOf({ nproc }: SandboxBounds): readonly Ulimit[] {
  return [
    ...sandboxUlimits,
    ...(nproc === null ? [] : [{ Name: "nproc", Soft: nproc, Hard: nproc } as const]),
  ];
}

interface Ulimit {
  readonly Name: (typeof sandboxUlimits)[number]["Name"] | "nproc";
  readonly Soft: number;
  readonly Hard: number;
}

/** Everything that the engine is told about a Sandbox. Empty fields are written out, so that `differencesInInspect` holds the engine to them. */
export function containerSpec(input: ContainerSpecInput): ContainerSpec {
  const { name, uid, image, bounds, labels } = input;
  return {
    name,
    uid,
    bounds,
    imageEnv: image.env,
    body: {
      Image: image.id,
      User: `${String(uid)}:${String(uid)}`,
      Entrypoint: ["/opt/longshore/init", "--"],
      Cmd: ["/opt/longshore/agentd", "/opt/longshore/agent.cjs"],
      WorkingDir: "/workspace",
      Hostname: "sandbox",
      Env: [
        ...["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8"],
        // The agent takes it out of what its Steps get to see.
        ...(input.stepRunner === "off" || !runtimeTraits(input.runtime).shutsProcess1
          ? ["LONGSHORE_STEP_RUNNER=off"]
          : []),
        ...((input.stepPreload ?? "") === "" ? [] : [`LONGSHORE_STEP_PRELOAD=${input.stepPreload}`]),
      ],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      OpenStdin: true,
      StdinOnce: false,
      Tty: false,
      StopSignal: "SIGKILL",
      Labels: labels,
      HostConfig: hostConfig(input),
    },
  };
}

/** What of the bounds an engine can change while a container runs. */
export function changeableBounds({ memoryBytes, pids, cpus }: SandboxBounds) {
  return {
    Memory: memoryBytes,
    MemorySwap: memoryBytes,
    PidsLimit: pids,
    NanoCpus: Math.round(cpus * 1e9),
  } satisfies Dockerode.HostConfig;
}

/** The same container with other bounds of those. */
export function withBounds(spec: ContainerSpec, bounds: SandboxBounds): ContainerSpec {
  const { body } = spec;
  return {
    ...spec,
    bounds,
    body: { ...body, HostConfig: { ...body.HostConfig, ...changeableBounds(bounds) } },
  };
}

function hostConfig({ bounds, uid, runtime, seccompProfile }: ContainerSpecInput): Dockerode.HostConfig {
  return {
    ...isolation(seccompProfile),
    Runtime: runtime,
    Tmpfs: {
      "/workspace": tmpfsOptions(bounds.workspaceBytes, bounds.workspaceInodes, uid),
      "/tmp": tmpfsOptions(bounds.tmpBytes, bounds.tmpInodes, uid),
    },
    ShmSize: bounds.shmBytes,
    ...changeableBounds(bounds),
    CpuShares: 256,
    OomScoreAdj: 500,
    OomKillDisable: false,
    Ulimits: ulimitsOf(bounds).map((ulimit) => ({ ...ulimit })),
    LogConfig: { Type: "none", Config: {} },
    AutoRemove: false,
    RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
  };
}

function isolation(seccompProfile: string): Dockerode.HostConfig {
  return {
    NetworkMode: "none",
    Dns: ["127.0.0.1"],
    DnsSearch: ["."],
    ExtraHosts: [],
    PortBindings: {},
    PublishAllPorts: false,
    ReadonlyRootfs: true,
    Binds: [],
    Mounts: [],
    VolumesFrom: [],
    Devices: [],
    DeviceRequests: [],
    GroupAdd: [],
    Privileged: false,
    CapDrop: ["ALL"],
    CapAdd: [],
    SecurityOpt: ["no-new-privileges:true", `seccomp=${seccompProfile}`],
    IpcMode: "private",
    // safety: CgroupnsMode is in the engine's API since 1.41, and missing in @types/dockerode.
    ...({ CgroupnsMode: "private" } as Dockerode.HostConfig),
    PidMode: "",
    UTSMode: "",
    UsernsMode: "",
    Init: false,
    MaskedPaths: maskedPaths,
    ReadonlyPaths: readonlyPaths,
  };
}

/** mode, uid and gid are all set: which of them runc takes from the image's folder differs by its version. */
function tmpfsOptions(bytes: number, inodes: number, uid: number): string {
  const owner = String(uid);
  return `rw,exec,nosuid,nodev,size=${String(bytes)},nr_inodes=${String(inodes)},mode=0700,uid=${owner},gid=${owner}`;
}
