import { once } from "node:events";
import { loadavg } from "node:os";
import { Worker } from "node:worker_threads";
import type Docker from "dockerode";
import { createDockerProvider } from "../../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import {
  dockerDeps,
  removeLeftovers,
} from "../../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import type { StepsRun } from "../../../apps/worker/src/sandbox/run-steps.testkit.ts";
import { newSpec, started } from "../../../apps/worker/src/sandbox/sandbox-under-test.testkit.ts";
import { createTestWorld, exampleAddress } from "../../egress/egress-bench.ts";
import { runWithNetwork } from "../../egress/run-with-network.ts";
import type { FarHostPorts } from "./far-host.ts";

/** What one connection must come to, in each direction. */
const leastMbPerSecond = 20;
const mb = 1_048_576;
const movedMb = 64;
const runs = 5;
const smallRequests = 50;

/** Prints how many seconds each took, from curl's start of the connection to the answer's last byte. */
const smallOnes = `for each in $(seq ${String(smallRequests)}); do ${curl("time_total", "http://far.test/100")}; done`;

/** Each prints how many bytes it moved in a second, a line for each connection. */
const transfers: readonly { readonly name: string; readonly command: string }[] = [
  { name: "down over HTTP", command: curl("speed_download", `http://far.test/${String(movedMb * mb)}`) },
  {
    name: "down over TLS",
    command: curl("speed_download", `-k https://far.test/${String(movedMb * mb)}`),
  },
  { name: "up over HTTP", command: curl("speed_upload", "-T /workspace/up http://far.test/") },
  { name: "up over TLS", command: curl("speed_upload", "-k -T /workspace/up https://far.test/") },
  {
    name: "down over eight connections at once, together",
    command: `for each in 1 2 3 4 5 6 7 8; do ${curl("speed_download", `http://far.test/${String((movedMb / 8) * mb)}`)} & done; wait`,
  },
];

function curl(figure: string, what: string): string {
  return `curl -fsS -o /dev/null -w '%{${figure}}\\n' ${what}`;
}

export interface EgressMeasureDeps {
  readonly docker: Docker;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Times what curl moves through the Sandbox's proxy and the worker's egress, to a host that is a thread of this machine:
 * nothing leaves it. Says the best run and the median, in MB of 1,048,576 bytes a second. Gives how many kinds stayed
 * below the bar in each of their runs.
 */
export async function measureEgress({ docker, say, stop }: EgressMeasureDeps): Promise<number> {
  const host = new Worker(new URL("far-host.ts", import.meta.url));
  try {
    // safety: it is the first and only thing that the thread says.
    const [ports] = (await once(host, "message", { signal: stop })) as [FarHostPorts];
    const run = await transferAll(docker, ports);
    say(
      `${String(runs)} runs of ${String(movedMb)} MB each; MB/s, best and median (bar ${String(leastMbPerSecond)});`,
    );
    say(
      `load of the machine ${loadavg()[0]?.toFixed(1) ?? "unknown"} on ${String(navigator.hardwareConcurrency)} processors`,
    );
    const seconds = figuresOf(run, run.exitCodes.length).toSorted((one, other) => one - other);
    const [median = 0, slowest = 0] = [seconds[smallRequests / 2], seconds.at(-1)];
    say(
      `one request of 100 bytes over HTTP, ms: median ${ms(median)}, slowest of ${String(smallRequests)} ${ms(slowest)}`,
    );
    return transfers.filter(({ name }, index) => !isFastEnough(name, speedsOf(run, index), say)).length;
  } finally {
    await host.terminate();
    await removeLeftovers();
  }
}

/** The first Step makes what is sent, the last asks for little; each between is one run of one kind, the kinds in turn. */
async function transferAll(docker: Docker, ports: FarHostPorts): Promise<StepsRun> {
  const world = createTestWorld(
    { "far.test": [exampleAddress] },
    { [`${exampleAddress}:80`]: ports.http, [`${exampleAddress}:443`]: ports.https },
  );
  const provider = createDockerProvider(await dockerDeps(docker));
  const limits = { cpus: 2, memory_mb: 512, pids: 64, disk_mb: 128 };
  const sandbox = await started(provider, { ...newSpec(), limits });
  const rounds = Array.from({ length: runs }, () => transfers.map(({ command }) => command)).flat();
  const run = await runWithNetwork(sandbox, {
    settings: { ...world.settings, mostBytes: Number.MAX_SAFE_INTEGER },
    network: { allow: ["far.test"] },
    say: () => undefined,
    commands: [`head -c ${String(movedMb * mb)} /dev/urandom > /workspace/up`, ...rounds, smallOnes],
  });
  const failed = run.exitCodes.filter((code) => code !== 0).length;
  if (failed > 0 || !run.done)
    throw new Error(`${String(failed)} transfers failed: ${run.text.slice(-2_000)}`);
  return run;
}

/** Of one kind of transfer, in bytes a second, slowest first. */
function speedsOf(run: StepsRun, kind: number): readonly number[] {
  const speeds = Array.from({ length: runs }, (_, round) =>
    figuresOf(run, 2 + round * transfers.length + kind).reduce((sum, figure) => sum + figure, 0),
  );
  return speeds.toSorted((one, other) => one - other);
}

/** What the Step printed, a number a line. */
function figuresOf({ events }: StepsRun, index: number): readonly number[] {
  return events.flatMap((event) =>
    event.type === "lines" && event.index === index ? event.lines.map(Number) : [],
  );
}

const ms = (seconds: number): string => (seconds * 1_000).toFixed(1);

function isFastEnough(name: string, speeds: readonly number[], say: (line: string) => void): boolean {
  const [best = 0, median = 0] = [speeds.at(-1), speeds[Math.floor(runs / 2)]].map(
    (each) => (each ?? 0) / mb,
  );
  const enough = best >= leastMbPerSecond;
  say(`${enough ? "✓" : "✗"} ${name}: ${best.toFixed(1)}, ${median.toFixed(1)}`);
  return enough;
}
