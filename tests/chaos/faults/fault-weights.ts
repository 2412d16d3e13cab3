import type { Random } from "../seeded-random.ts";
import type { Fault } from "./fault.ts";

/**
 * How often a kind comes in one round, where not once. Kills of a single process or container disturb few Jobs, for some
 * seconds, and are what the promises are about: they come often. What stands in the way of every Job for long comes in
 * every second round: at the same weight nothing would be run between two outages, and the kills would hit idle workers.
 */
const weights: Readonly<Record<string, number>> = {
  // The bar of recovery is about this one.
  "worker-kill": 5,
  // A sandbox of its own is all that it costs.
  "container-killed": 5,
  "container-removed": 2,
  // The other API answers meanwhile.
  "api-kill": 3,
  "api-kill-on-insert": 2,
  // A point of the work each: many windows, each of them narrow.
  "worker-kill-before-create": 2,
  "worker-kill-before-start": 2,
  "worker-kill-after-start": 2,
  "worker-kill-before-outputs": 2,
  "worker-kill-before-remove": 2,
  "worker-kill-lease-taken": 2,
  "worker-kill-end-settled": 2,
  "worker-kill-archive-half": 2,
  "worker-kill-archive-stored": 2,
  // Short, as it is started again within seconds.
  "redis-kill": 3,
  "postgres-kill": 2,
  // Nothing gets through to any engine.
  "engine-away": 0.5,
  "engine-frozen": 0.5,
  "engine-hangs-before-create": 0.5,
  "engine-hangs-after-create": 0.5,
  "engine-hangs-before-start": 0.5,
  "engine-hangs-after-start": 0.5,
  "engine-hangs-before-kill": 0.5,
  "engine-hangs-before-inspect": 0.5,
  "engine-hangs-after-remove": 0.5,
  "engine-hangs-before-exec": 0.5,
  // Nothing gets through to the database.
  "postgres-frozen": 0.5,
  "postgres-refuses": 0.5,
  "postgres-no-connections": 0.5,
  // No message is delivered.
  "redis-frozen": 0.5,
  "redis-slow": 0.5,
  "redis-full": 0.5,
  "redis-read-only": 0.5,
  "redis-refuses-auth": 0.5,
  // For longer than a lease each.
  "worker-frozen": 0.5,
  "worker-blocked": 0.5,
  "worker-without-postgres": 0.5,
  "worker-without-redis": 0.5,
  "worker-without-engine": 0.5,
  // No Job of theirs is planned.
  "model-hangs": 0.5,
  "model-garbage": 0.5,
};

/**
 * The kinds of one round after the other, each round in another order. A weight of a half is every second round; which
 * of the two a short run begins with is drawn.
 */
export function* drawRounds(faults: readonly Fault[], random: Random): Generator<Fault, never> {
  const begins = new Map(faults.map(({ name }) => [name, random.next()]));
  if (faults.length === 0) throw new Error("there is no fault to draw");
  for (let round = 0; ; round += 1) {
    const timesOf = ({ name }: Fault) => {
      const [weight, begin] = [weights[name] ?? 1, begins.get(name) ?? 0];
      return Math.floor(weight * (round + 1) + begin) - Math.floor(weight * round + begin);
    };
    yield* random.shuffled(faults.flatMap((fault) => Array<Fault>(timesOf(fault)).fill(fault)));
  }
}

/** The names that are weighed and that no fault has. */
export function unknownWeights(faults: readonly Fault[]): readonly string[] {
  const names = new Set(faults.map(({ name }) => name));
  return Object.keys(weights).filter((name) => !names.has(name));
}
