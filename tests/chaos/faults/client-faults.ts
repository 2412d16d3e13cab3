import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { endedWell } from "../world/supervised-process.ts";
import type { Fault, FaultContext } from "./fault.ts";

const prefix = "{longshore}:messages";

/** Puts an id that the queue knows to its waiting list once more, as BullMQ does with a new one. */
async function deliverAgain({ world }: FaultContext, messageId: string): Promise<void> {
  await world.redisControl.multi().lpush(`${prefix}:wait`, messageId).zadd(`${prefix}:marker`, 0, "0").exec();
}

async function unknownMessage(context: FaultContext, jobId: string, attempt: number): Promise<void> {
  const id = `${jobId}-a${String(attempt)}-chaos-${randomUUID()}`;
  await context.world.redisControl.hset(`${prefix}:${id}`, {
    ...{ name: "message", data: JSON.stringify({ jobId, attempt }), opts: '{"attempts":1}' },
    ...{ timestamp: Date.now(), delay: 0, priority: 0 },
  });
  await deliverAgain(context, id);
}

const message = { row: 20, resource: "message", recovery: "healed", lengthMs: [0, 0] } as const;

/** Messages that are delivered when, how often, or for whom they should not be. */
export const messageFaults: readonly Fault[] = [
  {
    ...{ name: "message-twice", ...message },
    inject: async (context) => {
      const unfinished = (await context.database.unfinished()).slice(0, 5);
      context.hit({ jobs: unfinished.map(({ id }) => id) });
      // Under another id, so that the queue itself does not notice: two workers get it.
      for (const { id, attempt } of unfinished) await unknownMessage(context, id, attempt);
      return unfinished.length > 0;
    },
  },
  {
    ...{ name: "message-late", ...message },
    inject: async (context) => {
      const jobs = (await context.database.jobs()).slice(-20);
      context.hit({ jobs: jobs.map(({ id }) => id) });
      for (const { id } of jobs) await unknownMessage(context, id, 1);
      return jobs.length > 0;
    },
  },
  {
    ...{ name: "message-for-nobody", ...message },
    inject: async (context) => {
      context.hit({ jobs: [] });
      for (let count = 0; count < 10; count += 1) await unknownMessage(context, randomUUID(), count + 1);
      return true;
    },
  },
];

function modelFault(name: string, fault: "error" | "hang" | "garbage"): Fault {
  return {
    ...{ name, row: 22, resource: "models", recovery: "healed", lengthMs: [3_000, 10_000] },
    inject: async ({ world, hit, last }) => {
      hit("all");
      world.models.behave(fault);
      await last();
      world.models.behave(null);
      return true;
    },
  };
}

/** Faults of the model's service. */
export const modelFaults: readonly Fault[] = [
  modelFault("model-errors", "error"),
  modelFault("model-hangs", "hang"),
  modelFault("model-garbage", "garbage"),
];

/** Faults of an API as a process, and clients that behave badly to it. */
export const apiFaults: readonly Fault[] = [
  {
    ...{ name: "api-kill", row: 6, resource: "api", recovery: "healed", lengthMs: [0, 0] },
    inject: async ({ world, random, hit }) => {
      const running = world.apis.filter(({ process }) => process.pid() !== 0);
      if (running.length === 0) return Promise.resolve(false);
      hit("all");
      random.pick(running).process.kill();
      return Promise.resolve(true);
    },
  },
  {
    ...{ name: "api-sigterm", row: 6, resource: "api", recovery: "healed", lengthMs: [0, 0] },
    inject: async ({ world, random, hit, timeline }) => {
      const { process, name } = random.pick(world.apis);
      if (process.pid() === 0) return false;
      hit("all");
      const exit = await process.terminate();
      if (!endedWell(exit))
        timeline.broken(0, null, `SIGTERM ended ${name} as ${JSON.stringify(exit)}, not with 0 in time`);
      return true;
    },
  },
  {
    ...{
      name: "readers-that-never-read",
      row: 23,
      resource: "readers",
      recovery: "healed",
      lengthMs: [5_000, 15_000],
    },
    inject: async ({ world, database, random, hit, last }) => {
      const jobs = (await database.unfinished()).map(({ id }) => id);
      hit({ jobs });
      const sockets = jobs.flatMap((id) =>
        Array.from({ length: 5 }, () => {
          const { port, hostname } = new URL(random.pick(world.apis).url);
          const socket = connect(Number(port), hostname).on("error", () => undefined);
          socket.pause().write(`GET /events/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
          return socket;
        }),
      );
      await last();
      for (const socket of sockets) socket.destroy();
      return jobs.length > 0;
    },
  },
];
