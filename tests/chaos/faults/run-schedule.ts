import { setTimeout as pause } from "node:timers/promises";
import type { Timeline } from "../report/timeline.ts";
import type { Random } from "../seeded-random.ts";
import type { Fault, FaultContext, Target } from "./fault.ts";
import { drawRounds } from "./fault-weights.ts";

/** A fault as the seed has planned it. */
export interface PlannedFault {
  readonly fault: Fault;
  /** After the start, in milliseconds. */
  readonly atMs: number;
  readonly lengthMs: number;
  readonly random: Random;
}

/** A fault as it happened. */
export interface Injection {
  readonly fault: Fault;
  readonly hitAt: number;
  readonly healedAt: number;
  readonly target: Target;
}

/** Which fault comes when, and for how long: round after round, in each every kind as often as it is weighed. */
export function planFaults(
  faults: readonly Fault[],
  random: Random,
  { totalMs, gapMs }: { readonly totalMs: number; readonly gapMs: number },
): readonly PlannedFault[] {
  const planned: PlannedFault[] = [];
  const drawn = drawRounds(faults, random.fork("rounds"));
  for (let atMs = gapMs; atMs < totalMs; atMs += random.between(0.4, 1.6) * gapMs) {
    const fault = drawn.next().value;
    const lengthMs = random.between(...fault.lengthMs);
    planned.push({ fault, atMs, lengthMs, random: random.fork(`${fault.name} ${String(planned.length)}`) });
  }
  return planned;
}

export interface ScheduleDeps {
  readonly context: Omit<FaultContext, "random" | "lengthMs" | "hit" | "last">;
  readonly timeline: Timeline;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Injects what is planned, each at its instant or as soon as its resource is free. Resolves when all is healed. */
export async function runSchedule(
  planned: readonly PlannedFault[],
  deps: ScheduleDeps,
): Promise<readonly Injection[]> {
  const injections: Injection[] = [];
  const busy = new Map<string, Promise<void>>();
  const began = Date.now();
  const under: Promise<void>[] = [];
  for (const plan of planned) {
    await pause(Math.max(0, began + plan.atMs - Date.now()), undefined, { signal: deps.stop }).catch(
      () => undefined,
    );
    if (deps.stop.aborted) break;
    const { resource } = plan.fault;
    const before = busy.get(resource) ?? Promise.resolve();
    const work = before.then(async () => {
      if (deps.stop.aborted) return;
      const injection = await inject(plan, deps);
      if (injection !== null) injections.push(injection);
    });
    busy.set(resource, work);
    under.push(work);
  }
  await Promise.all(under);
  return injections;
}

async function inject(
  { fault, lengthMs, random }: PlannedFault,
  { context, timeline, say, stop }: ScheduleDeps,
): Promise<Injection | null> {
  let hit: { readonly at: number; readonly target: Target } | null = null;
  timeline.note(`fault ${fault.name}: begins`);
  try {
    const done = await fault.inject({
      ...context,
      ...{ random, lengthMs },
      hit: (target) => {
        hit ??= { at: Date.now(), target };
        timeline.note(`fault ${fault.name}: hits`, { detail: target });
      },
      last: (ms = lengthMs) => pause(ms, undefined, { signal: stop }).catch(() => undefined),
    });
    timeline.note(`fault ${fault.name}: ${done ? "over" : "found nothing to hit"}`);
    // safety: set by the callback above, which the compiler does not follow.
    const was = hit as { readonly at: number; readonly target: Target } | null;
    if (!done || was === null) return null;
    say(`  ${fault.name}${lengthMs > 0 ? ` (${(lengthMs / 1_000).toFixed(1)} s)` : ""}`);
    return { fault, hitAt: was.at, healedAt: Date.now(), target: was.target };
  } catch (error) {
    timeline.note(`fault ${fault.name}: could not be injected`, { detail: String(error) });
    say(`  ${fault.name} could not be injected: ${String(error)}`);
    return null;
  }
}
