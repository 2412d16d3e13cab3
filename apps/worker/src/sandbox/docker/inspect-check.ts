import { createHash } from "node:crypto";
import type { ContainerInspect, EngineHost } from "./engine.ts";
import type { ContainerSpec } from "./container-spec.ts";
import { isSandboxUser } from "./sandbox-name.ts";

/**
 * What of a started container is not as it was asked for, each as a sentence; empty where all is. Adapters and
 * engines have been seen to leave out fields that they do not know, an isolation among them.
 */
export function differencesInInspect(
  spec: ContainerSpec,
  found: ContainerInspect,
  { appArmor }: Pick<EngineHost, "appArmor">,
): string[] {
  return [
    ...differencesInConfig(spec, found),
    ...differencesInHostConfig(spec, found),
    ...differencesInNetworks(found),
    ...(appArmor ? difference("AppArmorProfile", "docker-default", found.AppArmorProfile) : []),
    ...differencesInMounts(found),
  ];
}

/**
 * The same of a container that another worker has started and checked: what no release of ours leaves out. Bounds,
 * image and profile are not compared, as that worker's may have been of another release; and nothing that its agent
 * says of its cage is, as hostile code runs beside it by now.
 */
export function differencesInAdopted(found: ContainerInspect): string[] {
  const { Config, HostConfig } = found;
  return [
    ...(isSandboxUser(Config.User) ? [] : [`User is ${readable(Config.User)}, which is no Sandbox's.`]),
    ...difference("Tty", false, Config.Tty),
    ...difference("HostConfig.NetworkMode", "none", HostConfig.NetworkMode),
    ...difference("HostConfig.Privileged", false, HostConfig.Privileged),
    ...difference("HostConfig.ReadonlyRootfs", true, HostConfig.ReadonlyRootfs),
    ...difference("HostConfig.CapDrop", ["ALL"], HostConfig.CapDrop),
    ...difference("HostConfig.CapAdd", [], HostConfig.CapAdd),
    ...adoptedFields.flatMap(([field, wanted]) =>
      difference(`HostConfig.${field}`, wanted, HostConfig[field]),
    ),
    ...differencesInSecurity(HostConfig.SecurityOpt),
    ...(HostConfig.Memory !== undefined && HostConfig.Memory > 0 ? [] : ["Its memory has no bound."]),
    ...((HostConfig.PidsLimit ?? 0) > 0 ? [] : ["Its processes have no bound."]),
    ...differencesInNetworks(found),
    ...differencesInMounts(found),
  ];
}

/** What every release asks for alike. */
const adoptedFields = [
  ["Binds", []],
  ["Devices", []],
  ["DeviceRequests", []],
  ["VolumesFrom", []],
  ["PidMode", ""],
  ["IpcMode", "private"],
  ["UTSMode", ""],
  ["UsernsMode", ""],
  ["Init", false],
] as const satisfies readonly (readonly [keyof ContainerInspect["HostConfig"], unknown])[];

/** Some profile of ours and no gain of rights, whatever release the profile is of. */
function differencesInSecurity(options: readonly string[] | undefined | null): string[] {
  const text = options ?? [];
  const isFiltered = text.some((option) => option.startsWith("seccomp={"));
  return [
    ...(text.includes("no-new-privileges:true") ? [] : ["It may gain privileges."]),
    ...(isFiltered ? [] : ["It has no seccomp profile of ours."]),
  ];
}

/** The engine's warnings at create: each says of a part of the recipe that this engine does not hold it. */
export function differencesInWarnings(warnings: readonly string[]): string[] {
  return warnings.map((warning) => `The engine warns: ${warning.slice(0, 300)}`);
}

function differencesInConfig({ name, body, imageEnv }: ContainerSpec, found: ContainerInspect): string[] {
  const { Config } = found;
  return [
    ...difference("Name", `/${name}`, found.Name),
    ...difference("Image", body.Image, found.Image),
    ...difference("User", body.User, Config.User),
    ...difference("Tty", body.Tty, Config.Tty),
    ...difference("OpenStdin", body.OpenStdin, Config.OpenStdin),
    ...difference("StdinOnce", body.StdinOnce, Config.StdinOnce),
    ...difference("WorkingDir", body.WorkingDir, Config.WorkingDir),
    ...difference("Entrypoint", body.Entrypoint, Config.Entrypoint),
    ...difference("Cmd", body.Cmd, Config.Cmd),
    ...difference("Hostname", body.Hostname, Config.Hostname),
    ...difference("Domainname", "", Config.Domainname),
    ...differencesInLabels(body.Labels, Config.Labels),
    ...differencesInEnv([...imageEnv, ...body.Env], Config.Env),
    ...difference("Volumes", {}, Config.Volumes),
    // What an image asks the engine to run beside the agent, again and again.
    ...difference("Healthcheck", null, Config.Healthcheck),
  ];
}

/** The image's own labels may be there beside ours. */
function differencesInLabels(wanted: Record<string, string>, found: Record<string, string>): string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    difference(`the label ${name}`, value, found[name]),
  );
}

/** By name and value; the last of a name counts. Only names are told: a value may be what must not leak. */
function differencesInEnv(wanted: readonly string[], found: readonly string[]): string[] {
  const [ours, theirs] = [toEnv(wanted), toEnv(found)];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (name) => ours.get(name) !== theirs.get(name),
  );
  return names.length === 0 ? [] : [`Env is not as asked for ${readable(names.sort())}.`];
}

function toEnv(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [name, value.join("=")];
    }),
  );
}

function differencesInHostConfig({ body }: ContainerSpec, found: ContainerInspect): string[] {
  const foundFields = new Map<string, unknown>(Object.entries(found.HostConfig));
  const asked = Object.entries(body.HostConfig).flatMap(([field, wanted]) =>
    difference(`HostConfig.${field}`, wanted, foundFields.get(field)),
  );
  const unasked = [...foundFields].filter(
    ([field, value]) => !(field in body.HostConfig) && !mayBeSet.has(field) && !saysNothing(value),
  );
  return [
    ...asked,
    ...unasked.map(([field, value]) => `HostConfig.${field} is ${readable(value)}, unasked.`),
  ];
}

/** Where the engine, or its operator, puts all containers of a host: no right of a Step's depends on it. */
const mayBeSet = new Set(["CgroupParent", "CpusetCpus", "CpusetMems", "StorageOpt", "Annotations"]);

/** What engines write where nothing was asked for: also 0, and -1 for "as the kernel does". */
function saysNothing(value: unknown): boolean {
  if (Array.isArray(value) && value.every((each) => each === 0)) return true;
  return value === 0 || value === -1 || ["null", '"default"'].includes(canonical(value));
}

function differencesInNetworks({ NetworkSettings }: ContainerInspect): string[] {
  return difference("the networks", ["none"], Object.keys(NetworkSettings.Networks));
}

function differencesInMounts({ Mounts }: ContainerInspect): string[] {
  return Mounts.length > 0 ? [`It has ${String(Mounts.length)} mounts, not none.`] : [];
}

function difference(what: string, wanted: unknown, found: unknown): string[] {
  if (canonical(wanted) === canonical(found)) return [];
  return [`${what} is ${readable(found)}, not ${readable(wanted)}.`];
}

/** One form for what engines write in many: a field that asks for nothing is null, left out, [], {}, "" or false. */
function canonical(value: unknown): string {
  const text = JSON.stringify(withSortedKeys(value ?? null));
  return ["[]", "{}", '""', "false"].includes(text) ? "null" : text;
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    withSortedKeys(inner),
  ]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Long values, such as a seccomp profile, are named by their hash. */
function readable(value: unknown): string {
  const text = canonical(value);
  if (text.length <= 200) return text;
  return `a value of sha256 ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
