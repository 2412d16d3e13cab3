import { type StopMode, stopModes, type WorkerPlace } from "../world/service-place.ts";
import { endedWell, tailOfLog } from "../world/supervised-process.ts";
import { type Fault, type FaultContext, upWorkers } from "./fault.ts";

/** Who stops a worker kills it after so long; a drain may take longer, and is told then not to. */
const boundMs = 30_000;

/** A worker that is asked to stop, in each way that it can be told to, and is started again. */
export const workerStopFaults: readonly Fault[] = stopModes.map((mode) => ({
  ...{ name: `worker-sigterm-${mode}`, row: 3, resource: "worker stop", lengthMs: [0, 0] as const },
  // What is drained has no other owner: it just goes on.
  recovery: mode === "drain" ? ("healed" as const) : ("replaced" as const),
  inject: async (context) => {
    const worker = await pickByMode(mode, context);
    // One that is frozen hears nothing.
    const release = worker?.process.take() ?? null;
    if (worker === undefined || release === null) return false;
    context.hit({ pids: [worker.process.pid()] });
    const logFile = worker.process.logFile();
    const exit = await worker.process.terminate({ boundMs, asksAgain: mode === "drain" });
    release();

    // Killed by another fault on its way out.
    if (exit?.killed === true || endedWell(exit)) return true;
    const how = exit === null ? "not within 30 s" : `as ${JSON.stringify(exit)}`;
    const what = `SIGTERM (${mode}) ended ${worker.name} ${how}, not with 0; ${tailOfLog(logFile)}`;
    context.timeline.broken(0, null, what);
    return true;
  },
}));

/** One that stops so, and has something to let go of where there is such a one. */
async function pickByMode(mode: StopMode, context: FaultContext): Promise<WorkerPlace | undefined> {
  const fitting = (await upWorkers(context)).filter(({ worker }) => worker.stopMode === mode);
  return (fitting.find(({ isBusy }) => isBusy) ?? fitting[0])?.worker;
}
