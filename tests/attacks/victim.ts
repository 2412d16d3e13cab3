import { randomUUID } from "node:crypto";
import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { z } from "zod";
import { sandboxName, sandboxUid } from "../../apps/worker/src/sandbox/docker/sandbox-name.ts";
import { sendSteps } from "../../apps/worker/src/sandbox/run-steps.testkit.ts";
import type { Sandbox, SandboxProvider } from "../../apps/worker/src/sandbox/sandbox-provider.ts";
import { attackedLimits } from "./probes/limits.ts";
import type { ProbeConstants } from "./run-probes.ts";

/** A Job that has everything that another one could want of it, and says who comes. */
export interface Victim {
  readonly jobId: string;
  /** What the other Job is told of it, all that the engine and the Job itself know; texts backwards, so that it finds no copy of its own. */
  readonly constants: ProbeConstants;
  /** Resolves with all that it said by its next heartbeat, those left out. */
  said(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** What its Step says of itself, as its first line. */
const selfDescription = z.object({
  tcp: z.int(),
  udp: z.int(),
  namespaces: z.record(z.string(), z.string()),
  mounts: z.record(z.string(), z.int()),
});

/** Files, locks, shared memory, sockets of every kind, a canary in its environment; five heartbeats a second. */
const program = (canary: string, memoryKey: number) => `
import ctypes, fcntl, json, os, select, socket
canary = "${canary}"
paths = [f"{folder}/{canary}" for folder in ("/workspace", "/tmp", "/dev/shm")]
for path in paths:
    with open(path, "w") as file: file.write(canary)
    os.chmod(path, 0o666)
lock = open("/etc/passwd")
fcntl.flock(lock, fcntl.LOCK_EX)
ctypes.CDLL(None).shmget(${String(memoryKey)}, 4096, 0o1666)
tcp, udp = socket.create_server(("", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("", 0))
names = ["\\0" + canary, "/tmp/" + canary + ".sock"]
unix = [socket.socket(socket.AF_UNIX) for _ in names]
for each, name in zip(unix, names):
    each.bind(name)
    each.listen()
namespaces = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("net", "mnt", "pid", "ipc", "uts", "cgroup") if os.path.lexists(f"/proc/self/ns/{name}")}
mounts = {path: os.stat(path).st_dev for path in ("/", "/workspace", "/tmp", "/dev/shm")}
print(json.dumps({"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1], "namespaces": namespaces, "mounts": mounts}), flush=True)
while True:
    for came in select.select([tcp, udp, *unix], [], [], 0.2)[0]: print("somebody came", came.getsockname(), flush=True)
    for path in paths:
        if open(path).read() != canary: print("changed", path, flush=True)
    print("alive", flush=True)
`;

/** Starts it, and waits until it has all of that. */
export async function startVictim(provider: SandboxProvider): Promise<Victim> {
  const [jobId, canary] = [newJobId(), `canary-${randomUUID()}`];
  const memoryKey = 1 + Math.floor(Math.random() * 2 ** 30);
  const sandbox = await startSandbox(provider, jobId);
  await sendSteps(sandbox, [
    `CANARY=${canary} exec -a ${canary} python3 - <<'END'\n${program(canary, memoryKey)}\nEND`,
  ]);
  const lines: string[] = [];
  const reading = readLines(sandbox, lines);
  await until(() => lines.length > 0, "the victim has said what it has");
  const { tcp, udp, namespaces, mounts } = selfDescription.parse(JSON.parse(lines[0] ?? ""));
  const docker = new Docker();
  const container = docker.getContainer(sandboxName(jobId, 1));
  const { Id, State } = await container.inspect();
  const backwards = (text: string) => [...text].toReversed().join("");
  return {
    jobId,
    constants: {
      ...{ TCP: tcp, UDP: udp, PID: State.Pid, MEMORY_KEY: memoryKey, NAMESPACES: namespaces },
      ...{ YRANAC: backwards(canary), DI: backwards(Id), EMAN: backwards(sandboxName(jobId, 1)) },
      MOUNTS: Object.fromEntries(Object.entries(mounts).map(([path, device]) => [path, String(device)])),
    },
    said: async () => {
      const before = lines.length;
      await until(() => lines.includes("alive", before), "the victim's heart has beaten");
      return lines.slice(1).filter((line) => line !== "alive");
    },
    remove: async () => {
      await sandbox.end();
      await reading;
      await sandbox.remove();
    },
  };
}

/** A Job's id with which its Sandbox has the same user on the engine as another's: of a thousand there are, two can meet. */
export function jobIdOfSameUser(other: string): string {
  const wanted = sandboxUid(other);
  for (;;) {
    const jobId = newJobId();
    if (sandboxUid(jobId) === wanted) return jobId;
  }
}

export async function startSandbox(provider: SandboxProvider, jobId: string): Promise<Sandbox> {
  const started = await provider.start(
    { jobId, attempt: 1, limits: attackedLimits },
    AbortSignal.timeout(30_000),
  );
  if (!started.ok) throw new Error(started.failure.message);
  return started.value;
}

/** Reads to the end of the Sandbox, as its worker does. */
async function readLines(sandbox: Sandbox, lines: string[]): Promise<void> {
  for await (const frame of sandbox.frames) {
    if (frame.type !== "event") continue;
    if (frame.event.type === "lines") lines.push(...frame.event.lines);
    // It may have been ended meanwhile: then the frames end, too.
    await sandbox.send({ type: "ack", seq: frame.seq }).catch(() => undefined);
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
