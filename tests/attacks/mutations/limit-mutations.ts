import { sandboxUlimits } from "../../../apps/worker/src/sandbox/docker/container-spec.ts";
import { hostConfig, type Mutation } from "./mutation.ts";

const tmpfs = (
  name: string,
  change: (options: string) => string,
  ...noticedBy: readonly string[]
): Mutation => ({
  name,
  where: "`container-spec.ts`: Tmpfs",
  noticedBy,
  body: (body) => ({
    ...body,
    HostConfig: {
      ...body.HostConfig,
      Tmpfs: Object.fromEntries(
        Object.entries<string>(body.HostConfig.Tmpfs ?? {}).map(([path, options]) => [path, change(options)]),
      ),
    },
  }),
});

const without = (option: RegExp) => (options: string) => options.replace(option, "");

/** rtprio: an engine without CAP_SYS_NICE cannot give more. */
const rlimits = sandboxUlimits
  .filter(({ Name }) => Name !== "rtprio")
  .map(({ Name }): Mutation =>
    hostConfig(
      `the bound of ${Name}`,
      {
        Ulimits: sandboxUlimits.map((each) =>
          each.Name === Name ? { Name, Soft: each.Soft + 1, Hard: each.Hard + 1 } : { ...each },
        ),
      },
      "have more than its limits",
    ),
  );

/** Bounds taken away, each in turn. */
export const limitMutations: readonly Mutation[] = [
  hostConfig(
    "the bound of memory",
    { Memory: 0, MemorySwap: 0 },
    "be without a bound of its cgroup",
    "hold memory without end",
  ),
  hostConfig(
    "the bound of processes",
    { PidsLimit: 0 },
    "be without a bound of its cgroup",
    "start processes without end",
    "start threads without end",
  ),
  hostConfig("the bound of processors", { NanoCpus: 0 }, "be without a bound of its cgroup"),
  hostConfig("the small share of a busy processor", { CpuShares: 1024 }, "be without a bound of its cgroup"),
  hostConfig("the bound of shared memory", { ShmSize: 1 << 30 }, "hold memory in /dev/shm without end"),
  hostConfig(
    "the order in which memory is taken back",
    { OomScoreAdj: 0 },
    "be spared before the agent, or the agent before the service, when memory runs out",
  ),
  tmpfs(
    "the bound of bytes on disk",
    without(/,size=\d+/),
    "fill the workspace beyond its bound",
    "fill the workspace beyond its bound by a file with holes",
    "fill /tmp beyond its bound",
  ),
  tmpfs(
    "the bound of files on disk",
    without(/,nr_inodes=\d+/),
    "make files in the workspace without end",
    "make files in /tmp without end",
  ),
  tmpfs(
    "nosuid on what can be written",
    (options) => options.replace("nosuid", "suid"),
    "have setuid programs or devices honoured on what it can write",
  ),
  tmpfs(
    "nodev on what can be written",
    (options) => options.replace("nodev", "dev"),
    "have setuid programs or devices honoured on what it can write",
  ),
  ...rlimits,
];
