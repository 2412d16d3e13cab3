import { setTimeout as pause } from "node:timers/promises";
import type { WorkerPlace } from "../world/service-place.ts";
import { endedWell } from "../world/supervised-process.ts";
import { type Fault, type FaultContext, pickBusyWorker, upWorkers } from "./fault.ts";

const shiftedClock = new URL("./shifted-clock.ts", import.meta.url).href;

/** Faults of a worker as a process. */
export const workerFaults: readonly Fault[] = [
  {
    ...{ name: "worker-kill", row: 1, resource: "worker", recovery: "replaced", lengthMs: [0, 0] },
    inject: async (context) => {
      const worker = await pickBusyWorker(context);
      if (worker === null) return false;
      context.hit({ pids: [worker.process.pid()] });
      worker.process.kill();
      return true;
    },
  },
  {
    ...{ name: "worker-kill-all", row: 1, resource: "worker", recovery: "replaced", lengthMs: [0, 0] },
    inject: async (context) => {
      const { world, hit } = context;
      if ((await upWorkers(context)).length === 0) return false;
      hit({ pids: world.workers.map(({ process }) => process.pid()) });
      for (const { process } of world.workers) process.kill();
      return true;
    },
  },
  {
    ...{
      name: "worker-kill-twice",
      row: 1,
      resource: "worker",
      recovery: "replaced",
      lengthMs: [100, 4_000],
    },
    inject: async (context) => {
      const worker = await pickBusyWorker(context);
      if (worker === null) return false;
      context.hit({ pids: [worker.process.pid()] });
      worker.process.kill();
      await context.last();
      // Perhaps in the middle of its start, perhaps while it takes over what it finds.
      worker.process.kill();
      return true;
    },
  },
  {
    ...{
      name: "worker-frozen",
      row: 4,
      resource: "worker frozen",
      recovery: "replaced",
      lengthMs: [18_000, 26_000],
    },
    inject: async (context) => {
      const worker = await pickBusyWorker(context);
      const release = worker?.process.take() ?? null;
      if (worker === null || release === null) return false;
      context.hit({ pids: [worker.process.pid()] });
      worker.process.freeze();
      await context.last();
      worker.process.thaw();
      release();
      return true;
    },
  },
  {
    ...{
      name: "worker-blocked",
      row: 5,
      resource: "worker frozen",
      recovery: "replaced",
      lengthMs: [18_000, 30_000],
    },
    inject: async (context) => {
      const worker = await pickBusyWorker(context);
      const release = worker?.process.take() ?? null;
      if (worker === null || release === null) return false;
      const blocked = await blockEventLoop(worker, context);
      // To its end, whatever else ends: nothing can unblock it.
      if (blocked) await pause(context.lengthMs);
      release();
      return blocked;
    },
  },
  {
    ...{ name: "worker-clock", row: 21, resource: "clock", recovery: "replaced", lengthMs: [5_000, 15_000] },
    inject: async (context) => {
      const { world, random } = context;
      const worker = random.pick(world.workers);
      const release = worker.process.take();
      if (release === null) return false;
      // By a clock that is an hour off, from its next start to the one after.
      const shiftMs = random.pick([-3_600_000, 3_600_000]);
      worker.process.startNextWith({ CHAOS_CLOCK_SHIFT_MS: String(shiftMs) }, ["--import", shiftedClock]);
      context.hit({ pids: [worker.process.pid()] });
      worker.process.kill();
      await context.last();
      worker.process.kill();
      release();
      return true;
    },
  },
  {
    ...{
      name: "worker-added-removed",
      row: 25,
      resource: "extra",
      recovery: "replaced",
      lengthMs: [6_000, 15_000],
    },
    inject: async (context) => {
      const extra = await context.world.addWorker(`extra-${String(context.random.whole(1, 1e6))}`);
      await context.last();
      context.hit({ pids: [extra.process.pid()] });
      const exit = await extra.close("stop");
      if (!endedWell(exit))
        context.timeline.broken(
          0,
          null,
          `SIGTERM ended ${extra.name} as ${JSON.stringify(exit)}, not with 0 in time`,
        );
      return true;
    },
  },
  {
    ...{
      name: "workers-of-one-name",
      row: 25,
      resource: "extra",
      recovery: "replaced",
      lengthMs: [8_000, 15_000],
    },
    inject: async ({ world, random, hit, last }) => {
      // In a pid namespace of its own each is number 1: the same name, made of host and pid.
      const wrapper = ["unshare", "--pid", "--fork", "--kill-child"];
      const names = [1, 2].map((each) => `twin-${String(random.whole(1, 1e6))}-${String(each)}`);
      const twins = await Promise.all(names.map((name) => world.addWorker(name, { wrapper })));
      await last();
      hit({ pids: [1] });
      await Promise.all(twins.map((twin) => twin.close("destroy")));
      return true;
    },
  },
];

const openBoundMs = 5_000;

/** Has the worker's own inspector block its main thread: its sockets stay open, its other threads run. */
async function blockEventLoop(worker: WorkerPlace, { lengthMs, hit }: FaultContext): Promise<boolean> {
  const pid = worker.process.pid();
  if (pid === 0) return false;
  process.kill(pid, "SIGUSR1");
  const until = Date.now() + openBoundMs;
  for (;;) {
    try {
      const list = await fetch(`http://127.0.0.1:${String(worker.inspectPort)}/json/list`);
      // safety: the inspector's own answer.
      const [target] = (await list.json()) as { webSocketDebuggerUrl: string }[];
      const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve, { once: true });
        socket.addEventListener("error", reject, { once: true });
      });
      const expression = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${String(Math.round(lengthMs))})`;
      hit({ pids: [pid] });
      socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
      setTimeout(() => socket.close(), lengthMs).unref();
      return true;
    } catch {
      if (Date.now() > until) return false;
      await pause(100);
    }
  }
}
