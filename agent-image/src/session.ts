import { setTimeout as wait } from "node:timers/promises";
import {
  windowBytes,
  wireVersion,
  type AgentFrame,
  type SandboxFacts,
  type WorkerFrame,
} from "@longshore/shared/contracts/agent-wire";
import { egressWindowBytes } from "@longshore/shared/contracts/egress-wire";
import { captureOutput } from "./job/capture-output.ts";
import { performJob } from "./job/perform-job.ts";
import { createOutputAnswers } from "./job/output-answers.ts";
import { createPlanRequests } from "./job/plan-requests.ts";
import { createKillAll } from "./sandbox/kill-all.ts";
import { listFiles } from "./sandbox/list-files.ts";
import { placeFile, type FileFault } from "./sandbox/place-file.ts";
import type { ProgramStarter } from "./steps/program-starter.ts";
import { createOutbox, encodeFrame } from "./wire/outbox.ts";
import type { SessionFrame } from "./wire/read-worker-frame.ts";

export interface SessionDeps {
  /** To whoever is the owner now. */
  readonly send: (frame: Buffer) => void;
  readonly starter: ProgramStarter;
  /** Takes the connections of programs in, from then on. */
  readonly openEgress: () => Promise<void>;
  /** Looks at the cage now. */
  readonly readFacts: () => SandboxFacts;
  /** The environment that the image gave to the agent. */
  readonly imageEnv: Readonly<NodeJS.ProcessEnv>;
  /** Called once, with the Job that is run. */
  readonly onJob: (job: JobFrame) => void;
}

/** The agent's side of the talk with the owners of one Attempt. Begins with `hello`. */
export interface Session {
  take(frame: SessionFrame): void;
  /** To a new owner, who has everything up to `after`: `hello`, and whatever the one before may not have been told. */
  resume(after: number): void;
}

type JobFrame = Extract<WorkerFrame, { type: "job" }>;
type FileFrame = Extract<WorkerFrame, { type: "file" }>;

/** How long `cancel` waits for what a Step had printed before it was killed. */
const lastOutputMs = 200;

export function createSession(deps: SessionDeps): Session {
  const { send, readFacts } = deps;
  const { files, killAll, outbox, outputs, plans } = createParts(deps);
  const stop = new AbortController();
  const jobDeps = { ...deps, killAll, outbox, askForPlan: plans.ask, stop: stop.signal };
  const facts = readFacts();
  let running: Promise<void> | null = null;
  let stopped = false;

  const say = (frame: AgentFrame): void => send(encodeFrame(frame));
  const sayHello = (): void => say({ type: "hello", version: wireVersion, running: running !== null, facts });

  async function cancel(): Promise<void> {
    await stopJob(stop, killAll, () => running);
    stopped = true;
    say({ type: "stopped" });
  }

  function takeJob(job: JobFrame): void {
    if (running !== null) return;
    deps.onJob(job);
    if (job.egress === true) outbox.setWindow(windowBytes - egressWindowBytes);
    running = performJob(job, files.fault(), jobDeps).then(outputs.allow);
  }

  function resume(after: number): void {
    outputs.forgetAsked();
    // The Job never came, or only half of it: the new owner sends it again, with all its files.
    if (running === null) files.forgetFault();
    sayHello();
    outbox.sendAgain(after);
    plans.askAgain();
    if (stopped) say({ type: "stopped" });
  }

  function take(frame: SessionFrame): void {
    switch (frame.type) {
      case "check":
        return say({ type: "facts", facts: readFacts() });
      case "file":
        return files.take(frame);
      case "job":
        return takeJob(frame);
      case "ack":
        return outbox.acknowledge(frame.seq);
      case "model_result":
        return plans.answer(frame.turn, frame.steps);
      case "cancel":
        return void cancel();
      case "outputs":
        return outputs.ask(frame.argv);
    }
  }

  sayHello();
  return { take, resume };
}

function createParts(deps: SessionDeps) {
  const { send, starter } = deps;
  const killAll = createKillAll();
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(deps.imageEnv)) if (value !== undefined) env[name] = value;
  return {
    files: createJobFiles(),
    killAll,
    outbox: createOutbox({ send, windowBytes }),
    outputs: createOutputAnswers({
      send,
      capture: (argv, signal) => captureOutput(argv, { env, killAll, starter }, signal),
    }),
    plans: createPlanRequests({ send, listFiles: () => listFiles() }),
  };
}

async function stopJob(
  stop: AbortController,
  killAll: () => Promise<unknown>,
  running: () => Promise<void> | null,
): Promise<void> {
  stop.abort();
  await killAll();
  await Promise.race([running(), wait(lastOutputMs)]);
}

/** Puts the Job's files in their places, and remembers the first one that could not be put there. */
function createJobFiles() {
  let fault: FileFault | null = null;
  return {
    take({ path, data, append }: FileFrame): void {
      const placed = placeFile(path, Buffer.from(data, "base64"), { append });
      if (!placed.ok) fault ??= placed.failure;
    },
    fault: () => fault,
    forgetFault: (): void => void (fault = null),
  };
}
