import type { Fault, FaultContext } from "./fault.ts";

const redis = { resource: "redis", recovery: "healed" } as const;

/** Does something to Redis for the outage's length, and undoes it. */
function outage(
  name: string,
  row: number,
  begin: (context: FaultContext) => Promise<unknown>,
  end: (context: FaultContext) => Promise<unknown>,
  lengthMs: readonly [number, number] = [3_000, 12_000],
): Fault {
  return {
    ...{ name, row, ...redis, lengthMs },
    inject: async (context) => {
      context.hit("all");
      await begin(context);
      await context.last();
      await end(context);
      return true;
    },
  };
}

const configure =
  (setting: string, value: string) =>
  ({ world }: FaultContext) =>
    world.redisControl.config("SET", setting, value);

const wires = ({ world }: FaultContext) => [...world.apis, ...world.workers].map((place) => place.redis);

/** Faults of Redis itself, and of all wires to it. */
export const redisFaults: readonly Fault[] = [
  outage(
    "redis-kill",
    7,
    ({ world }) => world.redis.kill(),
    ({ world }) => world.redis.start(),
    [500, 6_000],
  ),
  outage(
    "redis-kill-empty",
    7,
    ({ world }) => world.redisControl.flushall().then(() => world.redis.kill()),
    ({ world }) => world.redis.start(),
    [500, 5_000],
  ),
  outage(
    "redis-flushed",
    7,
    ({ world }) => world.redisControl.flushall(),
    () => Promise.resolve(),
    [0, 0],
  ),
  outage(
    "redis-frozen",
    8,
    ({ world }) => Promise.resolve(world.redis.freeze()),
    ({ world }) => Promise.resolve(world.redis.thaw()),
    [5_000, 12_000],
  ),
  outage(
    "redis-slow",
    8,
    (context) => Promise.resolve(wires(context).forEach((wire) => wire.slow(2_000))),
    (context) => Promise.all(wires(context).map((wire) => wire.pass())),
  ),
  outage(
    "redis-cut",
    7,
    (context) => Promise.resolve(wires(context).forEach((wire) => wire.cut())),
    () => Promise.resolve(),
    [0, 0],
  ),
  outage("redis-full", 8, configure("maxmemory", "1"), configure("maxmemory", "0")),
  outage(
    "redis-read-only",
    8,
    ({ world }) => world.redisControl.call("REPLICAOF", "127.0.0.1", "1"),
    ({ world }) => world.redisControl.call("REPLICAOF", "NO", "ONE"),
  ),
  outage(
    "redis-refuses-auth",
    8,
    async (context) => {
      await configure("requirepass", "of-the-chaos-suite")(context);
      for (const wire of wires(context)) wire.cut();
    },
    configure("requirepass", ""),
  ),
];
