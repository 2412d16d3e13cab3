import type { AgentEvent, WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import { createLogBudget } from "../log/log-budget.ts";
import { proxyEnvironment } from "../egress/proxy-environment.ts";
import type { KillAll } from "../sandbox/kill-all.ts";
import type { FileFault } from "../sandbox/place-file.ts";
import type { ProgramStarter } from "../steps/program-starter.ts";
import { stepEnvironment } from "../steps/step-environment.ts";
import type { Outbox } from "../wire/outbox.ts";
import { runJob, type RunJobDeps } from "./run-job.ts";
import { createRunStep } from "./run-step.ts";

export interface PerformJobDeps extends Pick<RunJobDeps, "askForPlan" | "stop"> {
  readonly outbox: Outbox;
  readonly starter: ProgramStarter;
  readonly killAll: KillAll;
  /** Takes the connections of programs in, from then on. */
  readonly openEgress: () => Promise<void>;
  /** The environment that the image gave to the agent. */
  readonly imageEnv: Readonly<NodeJS.ProcessEnv>;
}

/** Does what a `job` frame asks for, up to `done`. After `stop` there is no `done`. */
export async function performJob(
  job: Extract<WorkerFrame, { type: "job" }>,
  fault: FileFault | null,
  { outbox, starter, killAll, imageEnv, openEgress, askForPlan, stop }: PerformJobDeps,
): Promise<void> {
  const emit = (event: AgentEvent): void => outbox.offer({ type: "event", event });
  const networkEnv = job.egress === true ? proxyEnvironment() : {};
  const identity = { jobId: job.job_id, attempt: job.attempt, env: job.env, networkEnv };
  if (job.egress === true) await openEgress();
  const runStep = createRunStep({
    starter,
    killAll,
    hasRoom: outbox.hasRoom,
    onRoom: outbox.onRoom,
    emit,
    stop,
    budget: createLogBudget(job.log_bytes, job.log_lines),
    environment: (index) => stepEnvironment(imageEnv, identity, index),
  });
  if (await runJob(job.steps, fault, { runStep, askForPlan, emit, stop })) outbox.offer({ type: "done" });
}
