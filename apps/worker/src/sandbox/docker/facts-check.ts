import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import { sandboxUlimits, type ContainerSpec } from "./container-spec.ts";

const noCapabilities = /^0+$/;

/** RLIMITs by their names in /proc/self/limits. */
const limitNames: Record<(typeof sandboxUlimits)[number]["Name"], string> = {
  nofile: "Max open files",
  core: "Max core file size",
  memlock: "Max locked memory",
  msgqueue: "Max msgqueue size",
  sigpending: "Max pending signals",
  rtprio: "Max realtime priority",
};

/**
 * What the agent sees of its cage and should not see, each as a sentence; empty where all is as it should be.
 * Asked before any Step runs, when nobody but our own image has spoken. `ownKernel` is for runtimes that bring
 * a kernel of their own (gVisor, Kata): there the host's cgroup files and filter need not show inside.
 */
export function differencesInFacts(
  { uid, bounds }: ContainerSpec,
  facts: SandboxFacts,
  { ownKernel }: { readonly ownKernel: boolean },
): string[] {
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
      facts.capabilities.length === 5 && facts.capabilities.every((set) => noCapabilities.test(set)),
      `It has capabilities: ${facts.capabilities.join(" ")}.`,
    ),
    ...unless(facts.no_new_privs === 1, "It can gain privileges (NoNewPrivs is not 1)."),
    ...unless(ownKernel || facts.seccomp === 2, `Its seccomp mode is ${facts.seccomp}, not 2.`),
    ...unless(
      facts.interfaces.every((name) => name === "lo"),
      `It has network interfaces: ${facts.interfaces.join(", ")}.`,
    ),
    ...unless(facts.root_read_only, "Its root file system can be written."),
    ...differencesInTmpfs("/workspace", facts.workspace, bounds.workspaceBytes, bounds.workspaceInodes),
    ...differencesInTmpfs("/tmp", facts.tmp, bounds.tmpBytes, bounds.tmpInodes),
    ...differencesInRlimits(facts),
    ...differencesInCgroup(bounds, facts, ownKernel),
  ];
}

function differencesInTmpfs(
  path: string,
  found: SandboxFacts["workspace"],
  bytes: number,
  inodes: number,
): string[] {
  return [
    ...unless(found.type === "tmpfs", `${path} is a ${found.type.slice(0, 50)}, not a tmpfs.`),
    ...unless(found.bytes === bytes, `${path} has ${found.bytes} bytes, not ${bytes}.`),
    ...unless(found.inodes === inodes, `${path} has ${found.inodes} inodes, not ${inodes}.`),
  ];
}

/** The hard values count. Node itself raises the soft limit of open files to the hard one. */
function differencesInRlimits(facts: SandboxFacts): string[] {
  return sandboxUlimits.flatMap(({ Name, Hard }) => {
    const name = limitNames[Name];
    const hard = facts.rlimits[name]?.[1];
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
