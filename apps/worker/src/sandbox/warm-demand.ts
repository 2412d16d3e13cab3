import type { SandboxSpec } from "./sandbox-provider.ts";

type Limits = SandboxSpec["limits"];

/** How many are to be ready of what. */
export interface WarmTarget {
  readonly shape: string;
  /** What they are made with: those of the latest Job of the shape. */
  readonly limits: Limits;
  readonly count: number;
}

export interface WarmDemandOptions {
  /** How many are to be ready at any time; 0 for none at all. */
  readonly size: number;
  /** How many at most. */
  readonly most: number;
  /** What Jobs are taken to need, as long as nothing else is known. */
  readonly usual: Limits;
  /** Names what a started Sandbox cannot be given any more: of Jobs of one shape each can have each other's. */
  readonly shapeOf: (limits: Limits) => string;
  /** In milliseconds, of a clock that is never set. */
  readonly now: () => number;
}

/** What Jobs needed lately, and what is to be ready by that. */
export interface WarmDemand {
  /** A Job needs a Sandbox with these limits. Gives their shape. */
  readonly note: (limits: Limits) => string;
  readonly targets: () => readonly WarmTarget[];
}

/** As long as what waits for a Job lives (`warmMaxAgeMs`): what was not needed for so long is not made again. */
const memoryMs = 10 * 60_000;
/** What comes within it needs a Sandbox each: a new one takes so long on a busy machine. */
const burstMs = 2_000;
/** One Job of its kind says nothing of a next one. */
const fewestJobs = 2;
/** Whoever asks for ever other limits is not to fill the memory. */
const mostShapes = 64;

interface Shape {
  readonly limits: Limits;
  /** When the latest Jobs came, those within a burst. */
  readonly burst: readonly number[];
  readonly jobs: number;
  /** The largest burst that is remembered. */
  readonly peak: number;
  readonly peakAt: number;
  readonly lastAt: number;
}

export function createWarmDemand({ size, most, usual, shapeOf, now }: WarmDemandOptions): WarmDemand {
  const usualShape = shapeOf(usual);
  // The one that was asked for last comes last.
  const shapes = new Map<string, Shape>();

  function note(limits: Limits): string {
    const [shape, at] = [shapeOf(limits), now()];
    const before = shapes.get(shape);
    shapes.delete(shape);
    shapes.set(shape, withJob(before, limits, at, most));
    for (const oldest of shapes.keys()) if (shapes.size > mostShapes) shapes.delete(oldest);
    return shape;
  }

  /** Those that more are likely to come of, the latest first. */
  function wanted(): WarmTarget[] {
    const at = now();
    return [...shapes].toReversed().flatMap(([shape, { limits, jobs, lastAt, peak, peakAt }]) => {
      const isLikely = at - lastAt < memoryMs && (jobs >= fewestJobs || shape === usualShape);
      return isLikely ? [{ shape, limits, count: at - peakAt < memoryMs ? peak : 1 }] : [];
    });
  }

  function targets(): readonly WarmTarget[] {
    if (size === 0) return [];
    const likely = wanted();
    const sum = likely.reduce((total, { count }) => total + count, 0);
    const shared = share(likely, Math.min(most, Math.max(size, sum)));
    if (shared.left === 0) return shared.targets;
    const isUsual = ({ shape }: WarmTarget): boolean => shape === usualShape;
    const more = shared.targets.find(isUsual) ?? { shape: usualShape, limits: usual, count: 0 };
    const others = shared.targets.filter((target) => !isUsual(target));
    return [{ ...more, count: more.count + shared.left }, ...others];
  }

  return { note, targets };
}

function withJob(before: Shape | undefined, limits: Limits, at: number, most: number): Shape {
  const burst = [...(before?.burst ?? []).filter((earlier) => at - earlier < burstMs), at].slice(-most);
  const isKnown = before !== undefined && at - before.lastAt < memoryMs;
  const isLower = isKnown && at - before.peakAt < memoryMs && before.peak > burst.length;
  return {
    ...{ limits, burst, lastAt: at },
    jobs: isKnown ? before.jobs + 1 : 1,
    peak: isLower ? before.peak : burst.length,
    peakAt: isLower ? before.peakAt : at,
  };
}

/** Gives each one in turn, until all have what they want or nothing is left: a burst of one shape leaves some to the others. */
function share(wanted: readonly WarmTarget[], budget: number): { targets: WarmTarget[]; left: number } {
  const counts = wanted.map(() => 0);
  let left = budget;
  for (let before = -1; left > 0 && left !== before;) {
    before = left;
    for (const [index, { count }] of wanted.entries()) {
      const given = counts[index] ?? 0;
      if (left === 0 || given >= count) continue;
      counts[index] = given + 1;
      left -= 1;
    }
  }
  return { targets: wanted.map((target, index) => ({ ...target, count: counts[index] ?? 0 })), left };
}
