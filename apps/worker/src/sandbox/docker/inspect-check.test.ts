import { describe, expect, it } from "vitest";
import { exampleInspect, exampleSpec } from "./container-spec.fixture.ts";
import type { ContainerInspect } from "./engine.ts";
import { differencesInAdopted, differencesInInspect, differencesInWarnings } from "./inspect-check.ts";

const spec = exampleSpec();

/** An answer with one field of it, by its path, set to another value. */
function withField(path: string, value: unknown): ContainerInspect {
  const inspect = exampleInspect(spec);
  const names = path.split(".");
  const last = names.pop() ?? "";
  // safety: a test walks down an object of its own making.
  const parent = names.reduce(
    (at, name) => at[name] as Record<string, unknown>,
    inspect as unknown as Record<string, unknown>,
  );
  parent[last] = value;
  return inspect;
}

const differences = (found: ContainerInspect): string[] =>
  differencesInInspect(spec, found, { appArmor: false });

/** For each field of HostConfig a value that it must not have. */
const wrongHostConfig: Record<string, unknown> = {
  NetworkMode: "bridge",
  Dns: ["8.8.8.8"],
  DnsSearch: ["corp.example"],
  ExtraHosts: ["metadata:169.254.169.254"],
  PortBindings: { "80/tcp": [{ HostPort: "80" }] },
  PublishAllPorts: true,
  ReadonlyRootfs: false,
  Binds: ["/var/run/docker.sock:/var/run/docker.sock"],
  Mounts: [{ Type: "bind", Source: "/", Target: "/host" }],
  VolumesFrom: ["other"],
  Devices: [{ PathOnHost: "/dev/kvm" }],
  DeviceRequests: [{ Driver: "nvidia" }],
  GroupAdd: ["docker"],
  Privileged: true,
  CapDrop: null,
  CapAdd: ["SYS_ADMIN"],
  SecurityOpt: ["no-new-privileges:true", "seccomp=unconfined"],
  IpcMode: "host",
  CgroupnsMode: "host",
  PidMode: "host",
  UTSMode: "host",
  UsernsMode: "host",
  Init: true,
  MaskedPaths: [],
  ReadonlyPaths: null,
  Runtime: "runsc",
  Tmpfs: { "/workspace": "" },
  ShmSize: 1,
  Memory: 0,
  MemorySwap: -1,
  PidsLimit: null,
  NanoCpus: 0,
  CpuShares: 0,
  OomScoreAdj: 0,
  OomKillDisable: true,
  Ulimits: [],
  LogConfig: { Type: "json-file", Config: {} },
  AutoRemove: true,
  RestartPolicy: { Name: "always", MaximumRetryCount: 0 },
};

describe("differencesInInspect", () => {
  it("finds none in a container that is as it was asked for", () => {
    expect(differences(exampleInspect(spec))).toEqual([]);
  });

  it("looks at every field of HostConfig that is asked for", () => {
    expect(Object.keys(wrongHostConfig).sort()).toEqual(Object.keys(spec.body.HostConfig).sort());
  });

  it.each(Object.entries(wrongHostConfig))("names HostConfig.%s where it differs", (field, value) => {
    const [sentence, ...others] = differences(withField(`HostConfig.${field}`, value));
    expect(sentence).toMatch(`HostConfig.${field} is `);
    expect(others).toEqual([]);
  });

  it.each([
    ["Name", "/other"],
    ["Image", "sha256:2222"],
    ["Config.User", "0:0"],
    ["Config.Tty", true],
    ["Config.OpenStdin", false],
    ["Config.StdinOnce", true],
    ["Config.WorkingDir", "/proc/self/fd/8"],
    ["Config.Entrypoint", ["/bin/sh"]],
    ["Config.Cmd", ["-c", "true"]],
    ["Config.Env", ["LD_PRELOAD=/x"]],
    ["Config.Env", [...spec.body.Env, "MPLBACKEND=Agg", "WORKER_KEY=x"]],
    ["Config.Env", [...spec.body.Env.slice(1), "PATH=/workspace", "MPLBACKEND=Agg"]],
    ["Config.Hostname", "somebody"],
    ["Config.Domainname", "corp.example"],
    ["Config.Labels", {}],
    ["Config.Healthcheck", { Test: ["CMD", "/usr/bin/curl"] }],
    ["Config.Volumes", { "/data": {} }],
    ["Mounts", [{ Type: "volume" }]],
    ["NetworkSettings.Networks", { none: {}, bridge: {} }],
    ["NetworkSettings.Networks", {}],
  ])("finds a different %s", (path, value) => {
    expect(differences(withField(path, value))).toHaveLength(1);
  });

  it.each([
    ["Sysctls", { "net.ipv4.ip_forward": "1" }],
    ["DeviceCgroupRules", ["a *:* rwm"]],
    ["Links", ["/database:/database"]],
    ["VolumeDriver", "nfs"],
    ["CpuRealtimeRuntime", 950_000],
  ])("finds a HostConfig.%s that nobody asked for", (field, value) => {
    expect(differences(withField(`HostConfig.${field}`, value))).toHaveLength(1);
  });

  it("minds nothing that is left at nothing, nor where the operator puts all containers", () => {
    for (const [field, value] of [
      ["CpuQuota", 0],
      ["MemorySwappiness", -1],
      ["ConsoleSize", [0, 0]],
      ["Isolation", "default"],
      ["CgroupParent", "/sandboxes"],
    ] as const)
      expect(differences(withField(`HostConfig.${field}`, value))).toEqual([]);
  });

  it("tells no value of the environment", () => {
    expect(differences(withField("Config.Env", ["KEY=secret"])).join()).not.toContain("secret");
  });

  it("asks for Docker's AppArmor profile where the host has AppArmor", () => {
    const under = (profile: string): string[] =>
      differencesInInspect(spec, withField("AppArmorProfile", profile), { appArmor: true });
    expect(under("docker-default")).toEqual([]);
    expect(under("unconfined")).toHaveLength(1);
  });

  it("names a long value by its hash", () => {
    const [sentence] = differences(withField("HostConfig.SecurityOpt", ["x".repeat(9_000)]));
    expect(sentence?.length).toBeLessThan(300);
  });
});

describe("differencesInAdopted", () => {
  it("finds none in a container that another worker has started by the recipe, whatever its bounds and its profile", () => {
    expect(differencesInAdopted(exampleInspect(spec))).toEqual([]);
    for (const [path, value] of [
      ["Image", "sha256:2222"],
      ["HostConfig.Memory", 2 ** 30],
      ["HostConfig.SecurityOpt", ["no-new-privileges:true", "seccomp={}"]],
    ] as const)
      expect(differencesInAdopted(withField(path, value))).toEqual([]);
  });

  it.each([
    ["Config.User", "0:0"],
    ["Config.User", ""],
    ["Config.Tty", true],
    ["HostConfig.NetworkMode", "host"],
    ["HostConfig.Privileged", true],
    ["HostConfig.ReadonlyRootfs", false],
    ["HostConfig.CapDrop", []],
    ["HostConfig.CapAdd", ["SYS_ADMIN"]],
    ["HostConfig.Binds", ["/:/host"]],
    ["HostConfig.Devices", [{ PathOnHost: "/dev/kvm" }]],
    ["HostConfig.PidMode", "host"],
    ["HostConfig.IpcMode", "host"],
    ["HostConfig.UTSMode", "host"],
    ["HostConfig.UsernsMode", "host"],
    ["HostConfig.Init", true],
    ["HostConfig.SecurityOpt", ["seccomp={}"]],
    ["HostConfig.SecurityOpt", ["no-new-privileges:true", "seccomp=unconfined"]],
    ["HostConfig.Memory", 0],
    ["HostConfig.PidsLimit", null],
    ["NetworkSettings.Networks", { none: {}, bridge: {} }],
    ["Mounts", [{ Type: "bind" }]],
  ])("finds a different %s", (path, value) => {
    expect(differencesInAdopted(withField(path, value))).toHaveLength(1);
  });
});

describe("differencesInWarnings", () => {
  it("makes a reason of each of the engine's warnings", () => {
    const warning = "Your kernel does not support swap limit capabilities or the cgroup is not mounted.";
    expect(differencesInWarnings([warning])).toEqual([`The engine warns: ${warning}`]);
  });
});
