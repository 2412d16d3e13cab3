import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { EngineCall } from "../world/engine-proxy.ts";
import { type Fault, type FaultContext, pickBusyWorker } from "./fault.ts";

const engine = { row: 11, resource: "engine", recovery: "healed" } as const;

function callHangs(call: EngineCall, when: "before" | "after"): Fault {
  return {
    ...{ name: `engine-hangs-${when}-${call}`, ...engine, lengthMs: [4_000, 14_000] },
    inject: async (context) => {
      context.hit("all");
      const lift = context.world.workers.map((worker) => worker.engine.hangOn(call, when));
      await context.last();
      for (const each of lift) each();
      return true;
    },
  };
}

/** One worker's own wire hangs, longer than its lease. */
function partition(wire: "postgres" | "redis" | "engine", row: number): Fault {
  return {
    ...{ name: `worker-without-${wire}`, row, resource: "worker wire" },
    ...{ recovery: wire === "postgres" ? "replaced" : "healed", lengthMs: [17_000, 24_000] },
    inject: async (context) => {
      const worker = await pickBusyWorker(context);
      if (worker === null) return false;
      context.hit({ pids: [worker.process.pid()] });
      worker[wire].hang();
      await context.last();
      await worker[wire].pass();
      return true;
    },
  };
}

/** Faults of the wires to the engine; the engine itself is shared with others. */
export const engineFaults: readonly Fault[] = [
  {
    ...{ name: "engine-away", ...engine, lengthMs: [6_000, 30_000] },
    inject: async (context) => {
      context.hit("all");
      for (const worker of context.world.workers) worker.engine.refuse();
      await context.last();
      await Promise.all(context.world.workers.map((worker) => worker.engine.pass()));
      return true;
    },
  },
  {
    ...{ name: "engine-frozen", ...engine, lengthMs: [4_000, 15_000] },
    inject: async (context) => {
      context.hit("all");
      for (const worker of context.world.workers) worker.engine.hang();
      await context.last();
      await Promise.all(context.world.workers.map((worker) => worker.engine.pass()));
      return true;
    },
  },
  {
    ...{ name: "engine-cut", ...engine, lengthMs: [0, 0] },
    inject: async (context) => {
      context.hit("all");
      for (const worker of context.world.workers) worker.engine.cut();
      return Promise.resolve(true);
    },
  },
  callHangs("create", "before"),
  callHangs("create", "after"),
  callHangs("start", "before"),
  callHangs("start", "after"),
  callHangs("kill", "before"),
  callHangs("inspect", "before"),
  callHangs("remove", "after"),
  callHangs("exec", "before"),
  partition("postgres", 9),
  partition("redis", 7),
  partition("engine", 11),
];

/** The real thing, by the machine's service manager: every container of the machine ends. */
export const engineRestart: Fault = {
  ...{ name: "engine-restart", ...engine, lengthMs: [0, 0] },
  inject: async ({ hit }) => {
    hit("all");
    await promisify(execFile)("service", ["docker", "restart"], { timeout: 60_000 });
    return true;
  },
};

function toContainer(
  name: string,
  act: (context: FaultContext, container: string) => Promise<unknown>,
): Fault {
  return {
    ...{ name, row: 12, resource: "container", recovery: "healed", lengthMs: [0, 0] },
    inject: async (context) => {
      const { world, database, random, hit } = context;
      const filters = {
        label: [`longshore.installation=${await database.installation()}`],
        status: ["running"],
      };
      const running = (await world.docker.listContainers({ filters })).filter(({ Names }) =>
        Names.some((each) => /-a\d/.test(each)),
      );
      if (running.length === 0) return false;
      const { Id, Names } = random.pick(running);
      const jobId = /longshore-([0-9a-f-]{36})-a/.exec(Names[0] ?? "")?.[1] ?? "";
      context.timeline.note(name, { jobId });
      hit({ jobs: [jobId] });
      // It may be gone by now.
      await act(context, Id).catch(() => undefined);
      return true;
    },
  };
}

const execSettlesMs = 3_000;

/**
 * Not while an exec starts in it: Docker 20.10 then hangs on that container until its daemon is started anew, so that
 * nobody can end or remove it. What the service does there is shown on an engine that hangs (engine-hang.test.ts).
 */
async function pauseContainer({ world, stop }: FaultContext, id: string): Promise<void> {
  const lifts = world.workers.map((worker) => worker.engine.hangOn("exec", "before"));
  try {
    await pause(execSettlesMs, undefined, { signal: stop });
    await world.docker.getContainer(id).pause();
  } finally {
    for (const lift of lifts) lift();
  }
}

/** What somebody else on the machine might do to a container. */
export const containerFaults: readonly Fault[] = [
  toContainer("container-killed", ({ world }, id) => world.docker.getContainer(id).kill()),
  toContainer("container-stopped", ({ world }, id) => world.docker.getContainer(id).stop({ t: 1 })),
  toContainer("container-paused", pauseContainer),
  toContainer("container-removed", ({ world }, id) => world.docker.getContainer(id).remove({ force: true })),
];
