import { once } from "node:events";
import type { Result } from "@longshore/shared/domain/result";
import { loadEnvFile } from "../host/load-env-file.ts";
import { programOrSource } from "../programs/ensure-program.mjs";
import { findPart, type PartName } from "../programs/parts.ts";
import { root } from "../root.ts";
import type { Progress } from "../terminal/progress.ts";
import { createProgress } from "../terminal/progress.ts";
import { runCommand } from "../terminal/run-command.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { describeFault } from "../terminal/setup-fault.ts";
import { drains, groupParts } from "./part-group.ts";
import { describeSettingsFaults } from "./service-settings.ts";
import { supervisePart } from "./supervise-part.ts";

interface SinglePart {
  readonly name: PartName;
  /** Every fault of the part's settings. */
  readonly findFaults: (env: NodeJS.ProcessEnv) => readonly string[];
  /** What the part needs of this machine, as its environment. */
  readonly prepare: (progress: Progress, stop: AbortSignal) => Promise<Result<NodeJS.ProcessEnv, SetupFault>>;
}

const PART_STOP_MS = 27_000;

/** `npm run start:api` and `start:worker`: one part, on a database that is there already. */
export function runSinglePart({ name, findFaults, prepare }: SinglePart): Promise<void> {
  return runCommand(async (asked, onForce) => {
    loadEnvFile(root);
    const faults = allFaults(findFaults(process.env), name);
    if (faults.length > 0) {
      process.stderr.write(describeSettingsFaults(faults));
      return 1;
    }
    const progress = createProgress();
    const prepared = await prepare(progress, asked);
    if (asked.aborted) return 0;
    if (!prepared.ok) {
      process.stderr.write(describeFault(prepared.failure));
      return 1;
    }
    const findEntry = () => programOrSource(root, findPart(name), progress.say);
    const entry = await findEntry();
    const misconfigured = new AbortController();
    const part = supervisePart({
      name,
      ...{ entry, findEntry },
      env: prepared.value,
      say: progress.say,
      onMisconfigured: () => misconfigured.abort(),
    });
    const group = groupParts([part], { drain: drains(prepared.value), limitMs: PART_STOP_MS });
    onForce(group.force);
    const stop = AbortSignal.any([asked, misconfigured.signal]);
    if (!stop.aborted) await once(stop, "abort");
    await group.stop();
    return misconfigured.signal.aborted ? 1 : 0;
  });
}

function allFaults(faults: readonly string[], name: string): readonly string[] {
  if (process.env["DATABASE_URL"]?.trim()) return faults;
  const missing = `DATABASE_URL must be set for start:${name}, to the PostgreSQL that all parts share (npm start brings its own)`;
  return [...faults.filter((fault) => !fault.startsWith("DATABASE_URL")), missing];
}
