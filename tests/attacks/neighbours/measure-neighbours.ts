import { setTimeout as pause } from "node:timers/promises";
import { newJobId } from "@longshore/shared/domain/job-id";
import type Docker from "dockerode";
import { createDockerProvider } from "../../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import {
  dockerDeps,
  removeLeftovers,
} from "../../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import {
  buildScriptedImage,
  onCommand,
} from "../../../apps/worker/src/sandbox/docker/scripted-image.testkit.ts";
import { createFrameReader } from "../../../apps/worker/src/pipeline/frame-reader.ts";
import { runWireSteps, sendWireSteps } from "../../../apps/worker/src/sandbox/run-steps.testkit.ts";
import type { Sandbox, SandboxProvider } from "../../../apps/worker/src/sandbox/sandbox-provider.ts";
import { createTestWorld } from "../../egress/egress-bench.ts";
import { openNetwork, sendNetworkedSteps } from "../../egress/run-with-network.ts";
import { badNeighbours, type BadNeighbour } from "./bad-neighbours.ts";

/** What a neighbour may slow a Job's Step down by. */
const mostSlower = 1.5;
const runs = 9;
const atWorkBoundMs = 60_000;
const never = new AbortController().signal;
/** Each Job has a processor of the two that the smallest machine has. */
const limits = { cpus: 1, memory_mb: 128, pids: 128, disk_mb: 64 };

/** Computes, writes and reads files, starts programs: some half a second, timed inside, from the Step's own start to its end. */
const step = `
import hashlib, os, subprocess, time
began = time.monotonic()
text = b"longshore" * 4096
for _ in range(2500): hashlib.sha256(text).digest()
for number in range(200):
    with open(f"/workspace/n{number}", "wb") as file: file.write(text)
for number in range(200): os.remove(f"/workspace/n{number}")
for _ in range(5): subprocess.run(["/bin/true"], check=True)
print(round((time.monotonic() - began) * 1e6))`;

/** A network in which there is nobody. */
const nowhere = {
  settings: createTestWorld({}, {}).settings,
  network: { allow: ["example.test"] },
  say: () => undefined,
};

export interface NeighbourDeps {
  readonly docker: Docker;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
  /** Only those whose names hold it. */
  readonly only: string;
}

/**
 * Times a Job's Steps with nobody beside it, and with a Job beside it that is at one of its limits; says both in ms, and
 * their ratio. Alone and beside take turns, so that what else the machine does meets both. Gives how many were too slow.
 */
export async function measureNeighbours({ docker, say, stop, only }: NeighbourDeps): Promise<number> {
  await using lifetime = new AsyncDisposableStack();
  const deps = await dockerDeps(docker);
  const provider = createDockerProvider(deps);
  const image = `longshore-agent:neighbour-${newJobId()}`;
  await buildScriptedImage(docker, image, onCommand);
  lifetime.defer(() => docker.getImage(image).remove({ force: true }));
  const fallen = createDockerProvider({ ...deps, image });
  const startOf = async (from: SandboxProvider): Promise<Sandbox> => {
    const spec = { jobId: newJobId(), attempt: 1, limits };
    const started = await from.start(spec, AbortSignal.any([stop, AbortSignal.timeout(60_000)]));
    if (!started.ok) throw new Error(started.failure.message);
    return started.value;
  };
  const start = () => startOf(provider);
  let tooSlow = 0;
  try {
    say(
      `${String(runs)} runs each; ms, median: alone, beside a job at its limit, ratio (bar ${String(mostSlower)})`,
    );
    for (const neighbour of badNeighbours.filter(({ name }) => name.includes(only))) {
      const alone = await timed(start);
      const bad = await startOf(neighbour.agentCode === undefined ? provider : fallen);
      const beside = await besideOf(neighbour, bad, start);
      const ratio = beside / alone;
      if (ratio > mostSlower) tooSlow += 1;
      const figures = `${ms(alone)}, ${ms(beside)}, ${ratio.toFixed(2)}`;
      say(`${ratio > mostSlower ? "✗" : "✓"} beside one that is at ${neighbour.name}: ${figures}`);
    }
    return tooSlow;
  } finally {
    await removeLeftovers();
  }
}

async function besideOf(
  { code, hasNetwork = false, agentCode }: BadNeighbour,
  bad: Sandbox,
  start: () => Promise<Sandbox>,
): Promise<number> {
  const egress = hasNetwork ? openNetwork(bad, nowhere) : null;
  const steps = [{ kind: "python", code, timeout_ms: null, continue_on_error: true }] as const;
  try {
    if (agentCode !== undefined) {
      const data = Buffer.from(agentCode).toString("base64");
      await bad.send({ type: "file", path: "evil.js", data, append: false });
    }
    await (hasNetwork ? sendNetworkedSteps : sendWireSteps)(bad, steps);
    await untilAtWork(bad);
    return await timed(start);
  } finally {
    egress?.stop();
    await endAndRemove(bad);
  }
}

/** Reads on to the end of the Sandbox, as its worker does; resolves once it says that it is at work. */
async function untilAtWork(sandbox: Sandbox): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const read = async (): Promise<void> => {
    const reader = createFrameReader(sandbox.frames);
    for (;;) {
      const frame = await reader.next(never);
      if (frame === null || frame === "aborted") return;
      if (frame.type !== "event") continue;
      if (frame.event.type === "lines" && frame.event.stream === "stderr") resolve();
      await sandbox.send({ type: "ack", seq: frame.seq });
    }
  };
  // The Sandbox is killed under it in the end.
  void read().then(() => reject(new Error("the neighbour ended before it was at work")), reject);
  const bound = pause(atWorkBoundMs, undefined, { ref: false }).then(() => {
    throw new Error("the neighbour did not come to work");
  });
  await Promise.race([promise, bound]);
}

/** The median of the Step's own times, in µs. */
async function timed(start: () => Promise<Sandbox>): Promise<number> {
  const sandbox = await start();
  try {
    const once = { kind: "python", code: step, timeout_ms: 60_000, continue_on_error: true } as const;
    const { text } = await runWireSteps(
      sandbox,
      Array.from({ length: runs }, () => once),
    );
    const times = text
      .trim()
      .split("\n")
      .map(Number)
      .toSorted((one, other) => one - other);
    const median = times[Math.floor(runs / 2)];
    if (times.length !== runs || median === undefined || !(median > 0))
      throw new Error(`The step did not say its times: ${text.slice(0, 500)}`);
    return median;
  } finally {
    await endAndRemove(sandbox);
  }
}

async function endAndRemove(sandbox: Sandbox): Promise<void> {
  await sandbox.end();
  await sandbox.remove();
}

const ms = (micros: number): string => (micros / 1_000).toFixed(0);
