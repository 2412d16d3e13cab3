import type Docker from "dockerode";
import type { ContainerBody } from "../../apps/worker/src/sandbox/docker/container-spec.ts";
import { startUnchecked } from "./start-unchecked.ts";

/** What the hardening may add to a cold start, in ms. */
const mostMs = 30;
const runs = 25;

/** The same container without what keeps a program in: it has its own user, its two tmpfs, no network and no log still. */
function withoutHardening(body: ContainerBody): ContainerBody {
  const { NetworkMode, Tmpfs, LogConfig, Runtime, AutoRemove } = body.HostConfig ?? {};
  const plain = { NetworkMode, Tmpfs, LogConfig, Runtime, AutoRemove };
  const known = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return { ...body, HostConfig: known };
}

export interface OverheadDeps {
  readonly docker: Docker;
  readonly image: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Times cold starts, from the call of create to the agent's hello and the checks after it, of the recipe's container and
 * of one without its hardening, in turn. Says the medians in ms; gives 1 where the difference is above the bar, else 0.
 */
export async function measureOverhead({ docker, image, say, stop }: OverheadDeps): Promise<number> {
  const hardened: number[] = [];
  const plain: number[] = [];
  // The first two fill caches and are not counted.
  for (let run = -1; run < runs; run += 1) {
    stop.throwIfAborted();
    const times = [
      await timeStart(docker, image, (body) => body),
      await timeStart(docker, image, withoutHardening),
    ] as const;
    if (run < 0) continue;
    hardened.push(times[0]);
    plain.push(times[1]);
  }
  const [withIt, without] = [median(hardened), median(plain)];
  const added = withIt - without;
  say(
    `a cold start, median of ${String(runs)}, ms: hardened ${withIt.toFixed(0)}, without ${without.toFixed(0)}`,
  );
  say(`${added <= mostMs ? "✓" : "✗"} the hardening adds ${added.toFixed(0)} ms (bar ${String(mostMs)})`);
  return added <= mostMs ? 0 : 1;
}

async function timeStart(
  docker: Docker,
  image: string,
  change: (body: ContainerBody) => ContainerBody,
): Promise<number> {
  const began = performance.now();
  const { sandbox, refusals, remove } = await startUnchecked(docker, image, change);
  const took = performance.now() - began;
  await remove();
  if (sandbox === null) throw new Error(refusals.join(" "));
  return took;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
