import { UsageError } from "../../../scripts/terminal/command-line.ts";
import { apiFaults, messageFaults, modelFaults } from "./client-faults.ts";
import { containerFaults, engineFaults, engineRestart } from "./engine-faults.ts";
import type { Fault } from "./fault.ts";
import { faultPoints } from "./fault-points.ts";
import { postgresFaults } from "./postgres-faults.ts";
import { redisFaults } from "./redis-faults.ts";
import { workerFaults } from "./worker-faults.ts";
import { workerStopFaults } from "./worker-stop-faults.ts";

/** Every kind of fault that is injected while the service runs. */
const everyFault: readonly Fault[] = [
  ...workerFaults,
  ...workerStopFaults,
  ...faultPoints,
  ...apiFaults,
  ...redisFaults,
  ...postgresFaults,
  ...engineFaults,
  ...containerFaults,
  ...messageFaults,
  ...modelFaults,
];

/** The faults of these names, or all; the real engine is restarted only where it is asked for. */
export function chooseFaults(names: readonly string[], withEngineRestart: boolean): readonly Fault[] {
  const all = withEngineRestart ? [...everyFault, engineRestart] : everyFault;
  const unknown = names.filter((name) => !all.some((fault) => fault.name === name));
  if (unknown.length > 0)
    throw new UsageError(`There is no fault ${unknown.join(", ")}, and --list says which there are`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}
