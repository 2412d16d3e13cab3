import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import type { ProbeConstants } from "./run-probes.ts";

/** What a Step of the attack suite must not find, and who would notice if it did. */
export interface HostTraps {
  readonly constants: ProbeConstants;
  /** What happened on the host that should not have: a sentence each. */
  readonly sprung: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** The kernel's knobs that a Step of any Sandbox would turn for the whole machine. */
const knobs = ["core_pattern", "modprobe", "sysrq", "hostname", "randomize_va_space"].map(
  (name) => `/proc/sys/kernel/${name}`,
);

/** Lays a file, listeners on every address of this machine, and a canary for the worker's environment. */
export async function layHostTraps(): Promise<HostTraps> {
  const canary = `canary-${randomUUID()}`;
  const folder = await mkdtemp(join(tmpdir(), "attacks-"));
  // Readable by anybody: only that it is outside keeps a Step from it.
  await chmod(folder, 0o755);
  const file = join(folder, canary);
  await writeFile(file, canary);
  const before = await readKnobs();
  const visitors: string[] = [];
  const note = (where: string) => () => void visitors.push(`Somebody reached the host by ${where}.`);
  const tcp = await listening(createServer(note("TCP")), 0);
  const unix = await listening(createServer(note("a unix socket")), `\0${canary}`);
  const udp = createSocket("udp4", note("UDP"));
  udp.bind(0);
  await once(udp, "listening");
  process.env["LONGSHORE_CANARY"] = canary;
  return {
    constants: {
      CANARY: canary,
      CANARY_FILE: canary,
      CANARY_PATH: file,
      HOST_TCP: portOf(tcp),
      HOST_UDP: udp.address().port,
      HOST_SOCKET: canary,
      HOST_ADDRESSES: hostAddresses(),
      HOST_NAMESPACES: await hostNamespaces(),
    },
    async sprung() {
      const now = await readKnobs();
      const turned = knobs.filter((_, index) => now[index] !== before[index]);
      const changed = (await readFile(file, "utf8")) === canary ? [] : ["The canary's file was changed."];
      return [...new Set(visitors), ...turned.map((path) => `${path} was changed.`), ...changed];
    },
    async close() {
      delete process.env["LONGSHORE_CANARY"];
      for (const server of [tcp, unix]) server.close();
      udp.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const readKnobs = () => Promise.all(knobs.map((path) => readFile(path, "utf8").catch(() => "")));

async function listening(server: Server, where: number | string): Promise<Server> {
  server.on("connection", (socket) => socket.destroy());
  server.listen(where);
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function hostAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((each) => (each?.family === "IPv4" && !each.internal ? [each.address] : []));
}

/** Of this process, which is to share none with a Sandbox; users they share where the engine does not remap them. */
async function hostNamespaces(): Promise<Record<string, string>> {
  const names = ["net", "mnt", "pid", "ipc", "uts", "cgroup"];
  const links = names.map(async (name) => [name, await readlink(`/proc/self/ns/${name}`)] as const);
  return Object.fromEntries(await Promise.all(links));
}
