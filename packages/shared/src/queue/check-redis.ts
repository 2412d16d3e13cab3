import type { Redis } from "ioredis";
import type { Logger } from "../runtime/logger.ts";
import { toQueueAway } from "./queue-away.ts";

/** What in the answer of Redis' INFO is unfit for a queue, one sentence each. */
export function findRedisFaults(info: string): readonly string[] {
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
  const policy = fact("maxmemory_policy");
  const faults: string[] = [];
  if (policy !== undefined && policy !== "noeviction") {
    faults.push(`maxmemory-policy is ${policy}: Redis may throw Messages away; set it to noeviction`);
  }
  if (fact("aof_enabled") === "0") {
    faults.push("appendonly is off: a restart of Redis forgets Messages, which are then delivered late");
  }
  if (fact("role") === "slave") faults.push("this Redis is a read-only replica: Messages cannot be sent");
  return faults;
}

/** Warns, once for each call, of settings of Redis that cost Messages. Rejects never: a check is no reason to fail. */
export async function checkRedis(redis: Redis, logger: Logger): Promise<void> {
  try {
    const faults = findRedisFaults(await redis.info());
    if (faults.length > 0) logger.warn({ faults }, "Redis is not set up for a queue");
  } catch (error) {
    logger.warn({ err: toQueueAway(error) }, "the settings of Redis could not be checked");
  }
}
