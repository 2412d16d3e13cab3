import type { ContainerBody } from "../../../apps/worker/src/sandbox/docker/container-spec.ts";
import { hostConfig, type Mutation } from "./mutation.ts";

const elsewhere = "share a namespace with the host";

const config = (
  name: string,
  field: string,
  body: (body: ContainerBody) => ContainerBody,
  ...noticedBy: readonly string[]
): Mutation => ({ name, where: `\`container-spec.ts\`: ${field}`, noticedBy, body });

/** The engine then gives it one by the container's id, or the host's. */
function withoutHostname(body: ContainerBody): ContainerBody {
  return { ...body, Hostname: "" };
}

const rights: readonly Mutation[] = [
  hostConfig("all capabilities dropped", { CapDrop: [] }, "have a capability"),
  hostConfig("no capability added", { CapAdd: ["SYS_ADMIN"] }, "have a capability"),
  hostConfig(
    "not privileged",
    { Privileged: true, CapDrop: [] },
    "find a device but for the usual ones",
    "have /sys writable",
  ),
  hostConfig("no groups of the host's", { GroupAdd: ["998"] }, "be in a group of the host's"),
  hostConfig(
    "no devices",
    { Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/kvm", CgroupPermissions: "rwm" }] },
    "find /dev/kvm, /dev/fuse, a tunnel or a loop",
    "find a device but for the usual ones",
  ),
  config(
    "an own user for each Sandbox, never root",
    "User",
    (body) => ({ ...body, User: "0:0" }),
    "be root, or any other user",
  ),
];

const files: readonly Mutation[] = [
  hostConfig("the root read-only", { ReadonlyRootfs: false }, "write to the root file system"),
  hostConfig(
    "nothing of the host mounted",
    { Binds: ["/:/host:ro"] },
    "read a file of the host's by its path",
    "see the host's other mounts",
  ),
  hostConfig(
    "no socket of the engine",
    { Binds: ["/var/run/docker.sock:/var/run/docker.sock"] },
    "find the engine's socket",
  ),
  hostConfig(
    "/proc/sys and its like read-only",
    { ReadonlyPaths: [] },
    "have /proc/sys, /proc/irq or /proc/bus writable",
  ),
];

const surroundings: readonly Mutation[] = [
  hostConfig(
    "no network",
    { NetworkMode: "bridge" },
    "have an interface but its own loopback",
    "have a route",
    "reach the host by TCP",
  ),
  hostConfig(
    "no network of the host's",
    { NetworkMode: "host" },
    elsewhere,
    "reach a socket of the host's in the abstract namespace",
    "reach the host's own loopback",
  ),
  hostConfig("shared memory of its own", { IpcMode: "host" }, elsewhere),
  config(
    "a host name of its own",
    "UTSMode, Hostname",
    (body) => ({ ...withoutHostname(body), HostConfig: { ...body.HostConfig, UTSMode: "host" } }),
    elsewhere,
    "learn the host's name",
  ),
  // safety: the field is in the engine's API and missing in its types, as in container-spec.ts.
  hostConfig(
    "a view of its own cgroup alone",
    { CgroupnsMode: "host" } as ContainerBody["HostConfig"],
    elsewhere,
    "see where its cgroup lies on the host",
  ),
  config("the same name for every host", "Hostname", withoutHostname, "learn the host's name"),
  hostConfig(
    "no resolver but its own loopback",
    { Dns: [], DnsSearch: [] },
    "ask a resolver but its own loopback",
  ),
  hostConfig(
    "no names of the host's network",
    { ExtraHosts: ["database.internal:127.0.0.1"] },
    "learn names of the host's network",
  ),
  config(
    "nothing of the worker's environment",
    "Env",
    (body) => ({ ...body, Env: [...body.Env, `WORKER_CANARY=${process.env["LONGSHORE_CANARY"] ?? ""}`] }),
    "see a variable of the worker's",
    "find the worker's canary in any environment",
  ),
  hostConfig(
    "an init whose files are shut",
    { Init: true },
    "list the descriptors of process 1",
    "open the memory of process 1",
  ),
];

/** Parts of the isolation taken away, each in turn. */
export const isolationMutations: readonly Mutation[] = [...rights, ...files, ...surroundings];
