import { statfsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import { readCgroup } from "./cgroup.ts";
import { temporary, workspace } from "./places.ts";
import { readText } from "./read-text.ts";

const capabilitySets = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];

/** Finds out what cage the agent is in. What cannot be read is told as a value that no check lets pass. */
export function readSandboxFacts(): SandboxFacts {
  const status = readStatus(readText("/proc/self/status") ?? "");
  const mounts = readMounts(readText("/proc/self/mountinfo") ?? "");
  const numbers = (name: string): number[] =>
    (status.get(name) ?? "").split(/\s+/).filter(Boolean).map(Number);
  return {
    uid: numbers("Uid")[1] ?? 0,
    gid: numbers("Gid")[1] ?? 0,
    groups: numbers("Groups"),
    capabilities: capabilitySets.map((name) => status.get(name) ?? ""),
    no_new_privs: numbers("NoNewPrivs")[0] ?? 0,
    seccomp: numbers("Seccomp")[0] ?? 0,
    interfaces: readInterfaces(),
    root_read_only: mounts.get("/")?.readOnly ?? false,
    workspace: readFileSystem(workspace, mounts),
    tmp: readFileSystem(temporary, mounts),
    rlimits: readRlimits(readText("/proc/self/limits") ?? ""),
    cgroup: readCgroup(),
  };
}

function readStatus(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

interface Mount {
  readonly type: string;
  readonly readOnly: boolean;
}

/** mountinfo: `36 35 98:0 /root /point rw,noatime … - ext4 /dev/sda rw`. A later mount on a point covers an earlier one. */
export function readMounts(text: string): ReadonlyMap<string, Mount> {
  const mounts = new Map<string, Mount>();
  for (const line of text.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const fields = before.split(" ");
    const point = fields[4];
    if (point === undefined) continue;
    const readOnly = fields[5]?.split(",").includes("ro") ?? false;
    mounts.set(point, { type: after.split(" ")[0] ?? "", readOnly });
  }
  return mounts;
}

function readFileSystem(path: string, mounts: ReadonlyMap<string, Mount>): SandboxFacts["workspace"] {
  const type = mounts.get(path)?.type ?? "none";
  try {
    const { blocks, bsize, files } = statfsSync(path);
    return { bytes: blocks * bsize, inodes: files, type };
  } catch {
    return { bytes: 0, inodes: 0, type };
  }
}

/** Columns are cut by two spaces or more, as names hold single ones: `Max open files  1024  4096  files`. */
export function readRlimits(text: string): SandboxFacts["rlimits"] {
  const limits: SandboxFacts["rlimits"] = {};
  for (const line of text.split("\n").slice(1)) {
    const [name, soft, hard] = line.trim().split(/\s{2,}/);
    if (name === undefined || soft === undefined || hard === undefined) continue;
    limits[name] = [readLimit(soft), readLimit(hard)];
  }
  return limits;
}

function readLimit(text: string): number | null {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Those that are up. The kernel puts others, which are down, into every network namespace (tunl0, sit0). */
function readInterfaces(): string[] {
  try {
    return Object.keys(networkInterfaces()).sort();
  } catch {
    return ["unknown"];
  }
}
