import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import {
  containerSpec,
  sandboxUlimits,
  type ContainerSpec,
  type ContainerSpecInput,
} from "./container-spec.ts";
import type { ContainerInspect } from "./engine.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import { sandboxBounds } from "./sandbox-bounds.ts";

const uid = 20_123;

/** A spec like any other, for tests. */
export function exampleSpec(changes: Partial<ContainerSpecInput> = {}): ContainerSpec {
  return containerSpec({
    name: "longshore-0198c0de-0000-7000-8000-000000000000-a1",
    uid,
    image: { id: "sha256:1111", env: ["PATH=/usr/local/bin:/usr/bin:/bin", "MPLBACKEND=Agg"] },
    runtime: "runc",
    bounds: sandboxBounds({ cpus: 0.5, memory_mb: 256, pids: 64, disk_mb: 128 }, 2, runtimeTraits("runc")),
    labels: { "longshore.installation": "test" },
    seccompProfile: '{"defaultAction":"SCMP_ACT_ERRNO"}',
    ...changes,
  });
}

/** What an engine says of a container that is exactly as the spec asks: empty fields as null, as Docker writes them. */
export function exampleInspect({ name, body, imageEnv }: ContainerSpec): ContainerInspect {
  const { HostConfig, Image, ...config } = structuredClone(body);
  const inspect = {
    Name: `/${name}`,
    Image,
    Mounts: [],
    Config: { ...config, Env: [...body.Env, ...imageEnv.slice(1)], Volumes: null, Image },
    HostConfig: { ...HostConfig, Binds: null, Devices: [], CapAdd: null, VolumesFrom: null, GroupAdd: null },
    NetworkSettings: { Networks: { none: {} } },
  };
  // safety: a test's part of an answer; the rest is not looked at.
  return inspect as unknown as ContainerInspect;
}

/** What the agent sees in a cage that is exactly as the spec asks. */
export function exampleFacts({ bounds }: ContainerSpec): SandboxFacts {
  const names = [
    "Max open files",
    "Max core file size",
    "Max locked memory",
    "Max msgqueue size",
    "Max pending signals",
    "Max realtime priority",
  ];
  return {
    uid,
    gid: uid,
    groups: [uid],
    capabilities: Array.from({ length: 5 }, () => "0000000000000000"),
    no_new_privs: 1,
    seccomp: 2,
    interfaces: ["lo"],
    root_read_only: true,
    workspace: { bytes: bounds.workspaceBytes, inodes: bounds.workspaceInodes, type: "tmpfs" },
    tmp: { bytes: bounds.tmpBytes, inodes: bounds.tmpInodes, type: "tmpfs" },
    rlimits: Object.fromEntries(
      sandboxUlimits.map(({ Hard }, index): [string, [number, number]] => [names[index] ?? "", [Hard, Hard]]),
    ),
    cgroup: { memory_bytes: bounds.memoryBytes, pids: bounds.pids, cpus: bounds.cpus },
  };
}
