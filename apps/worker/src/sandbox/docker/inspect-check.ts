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
    ...differencesInNetworks(found),
    ...differencesInMounts(found),
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
    ...difference("the names in Env", envNames([...body.Env, ...imageEnv]), envNames(Config.Env)),
    ...difference("Volumes", {}, Config.Volumes),
  ];
}

function envNames(env: readonly string[]): string[] {
  return [...new Set(env.map((pair) => pair.split("=", 1)[0] ?? ""))].sort();
}

function differencesInHostConfig({ body }: ContainerSpec, found: ContainerInspect): string[] {
  const foundFields = new Map<string, unknown>(Object.entries(found.HostConfig));
  return Object.entries(body.HostConfig).flatMap(([field, wanted]) =>
    difference(`HostConfig.${field}`, wanted, foundFields.get(field)),
  );
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
