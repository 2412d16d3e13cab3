import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import { ulimitsOf, type ContainerSpec } from "./container-spec.ts";
import type { RuntimeTraits } from "./runtime-traits.ts";

const noCapabilities = /^0+$/;

/** RLIMITs by their names in /proc/self/limits. */
const limitNames: Record<ReturnType<typeof ulimitsOf>[number]["Name"], string> = {
  nofile: "Max open files",
  core: "Max core file size",
  memlock: "Max locked memory",
  msgqueue: "Max msgqueue size",
  sigpending: "Max pending signals",
  rtprio: "Max realtime priority",
  nproc: "Max processes",
};

type Shown = Pick<RuntimeTraits, "ownKernel" | "showsAll">;

/**
 * What the agent sees of its cage and should not see, each as a sentence; empty where all is as it should be.
 * Asked before any Step runs, when nobody but our own image has spoken. What the runtime's kernel does not show is not
 * missed, but what it shows must be right. No Step is run that could gain privileges (restrict.c).
 */
export function differencesInFacts(
  { uid, bounds }: ContainerSpec,
  facts: SandboxFacts,
  shown: Shown,
): string[] {
  const { ownKernel, showsAll } = shown;
  return [
    ...unless(
      facts.uid === uid && facts.gid === uid,
      `It runs as ${facts.uid}:${facts.gid}, not ${uid}:${uid}.`,
    ),
    ...unless(
      facts.groups.every((group) => group === uid),
      `It is in the groups ${facts.groups.join(", ")}.`,
    ),
    ...unless(
      facts.capabilities.length === 5 &&
        facts.capabilities.every((set) => noCapabilities.test(set) || (set === "" && !showsAll)),
      `It has capabilities: ${facts.capabilities.join(" ")}.`,
    ),
    ...unless(facts.no_new_privs === 1 || !showsAll, "It can gain privileges (NoNewPrivs is not 1)."),
    ...unless(ownKernel || facts.seccomp === 2, `Its seccomp mode is ${facts.seccomp}, not 2.`),
    ...unless(
      facts.interfaces.every((name) => name === "lo"),
      `It has network interfaces: ${facts.interfaces.join(", ")}.`,
    ),
    ...unless(facts.root_read_only, "Its root file system can be written."),
    ...differencesInTmpfs("/workspace", facts.workspace, workspaceBounds(bounds), shown),
    ...differencesInTmpfs("/tmp", facts.tmp, { bytes: bounds.tmpBytes, inodes: bounds.tmpInodes }, shown),
    ...differencesInRlimits(bounds, facts, shown),
    ...differencesInCgroup(bounds, facts, ownKernel),
  ];
}

interface TmpfsBounds {
  readonly bytes: number;
  readonly inodes: number;
}

const workspaceBounds = ({ workspaceBytes, workspaceInodes }: ContainerSpec["bounds"]): TmpfsBounds => ({
  bytes: workspaceBytes,
  inodes: workspaceInodes,
});

function differencesInTmpfs(
  path: string,
  found: SandboxFacts["workspace"],
  { bytes, inodes }: TmpfsBounds,
  { showsAll }: Shown,
): string[] {
  // 0 is what a kernel says that counts none.
  const inodesMatch = found.inodes === inodes || (!showsAll && found.inodes === 0);
  return [
    ...unless(found.type === "tmpfs", `${path} is a ${found.type.slice(0, 50)}, not a tmpfs.`),
    ...unless(found.bytes === bytes, `${path} has ${found.bytes} bytes, not ${bytes}.`),
    ...unless(inodesMatch, `${path} has ${found.inodes} inodes, not ${inodes}.`),
  ];
}

/** The hard values count. Node itself raises the soft limit of open files to the hard one. */
function differencesInRlimits(
  bounds: ContainerSpec["bounds"],
  { rlimits }: SandboxFacts,
  { showsAll }: Shown,
): string[] {
  return ulimitsOf(bounds).flatMap(({ Name, Hard }) => {
    const name = limitNames[Name];
    if (!showsAll && !(name in rlimits)) return [];
    const hard = rlimits[name]?.[1];
    return unless(hard === Hard, `"${name}" is ${hard ?? "unlimited"}, not ${Hard}.`);
  });
}

function differencesInCgroup(
  bounds: ContainerSpec["bounds"],
  { cgroup }: SandboxFacts,
  ownKernel: boolean,
): string[] {
  const cpusMatch = cgroup.cpus !== null && Math.abs(cgroup.cpus - bounds.cpus) < 0.01;
  return [
    ...unless(
      cgroup.memory_bytes === bounds.memoryBytes || (ownKernel && cgroup.memory_bytes === null),
      `Its memory is bounded at ${cgroup.memory_bytes ?? "nothing"}, not ${bounds.memoryBytes} bytes.`,
    ),
    ...unless(
      cgroup.pids === bounds.pids || (ownKernel && cgroup.pids === null),
      `Its processes are bounded at ${cgroup.pids ?? "nothing"}, not ${bounds.pids}.`,
    ),
    ...unless(
      cpusMatch || (ownKernel && cgroup.cpus === null),
      `Its processors are bounded at ${cgroup.cpus ?? "nothing"}, not ${bounds.cpus}.`,
    ),
  ];
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}
