import { setTimeout as wait } from "node:timers/promises";
import {
  windowBytes,
  wireVersion,
  type SandboxFacts,
  type WorkerFrame,
} from "@longshore/shared/contracts/agent-wire";
import { performJob } from "./job/perform-job.ts";
import { createPlanRequests } from "./job/plan-requests.ts";
import { createKillAll } from "./sandbox/kill-all.ts";
import { listFiles } from "./sandbox/list-files.ts";
import type { OpenOutputPipes } from "./sandbox/output-pipes.ts";
import { placeFile, type FileFault } from "./sandbox/place-file.ts";
import type { FrameWriter } from "./wire/frame-writer.ts";
import { createOutbox, encodeFrame } from "./wire/outbox.ts";

export interface SessionDeps {
  readonly writer: FrameWriter;
  readonly openPipes: OpenOutputPipes;
  readonly facts: SandboxFacts;
  /** The environment that the image gave to the agent. */
  readonly imageEnv: Readonly<NodeJS.ProcessEnv>;
}

/** The agent's side of the talk with the workers of one Attempt. Begins with `hello`. */
export interface Session {
  take(frame: WorkerFrame): void;
}

type FileFrame = Extract<WorkerFrame, { type: "file" }>;

/** How long `cancel` waits for what a Step had printed before it was killed. */
const lastOutputMs = 200;

export function createSession({ writer, openPipes, facts, imageEnv }: SessionDeps): Session {
  const outbox = createOutbox({ send: writer.send, windowBytes });
  const plans = createPlanRequests({ send: writer.send, listFiles: () => listFiles() });
  const killAll = createKillAll();
  const stop = new AbortController();
  const jobDeps = { outbox, openPipes, killAll, imageEnv, askForPlan: plans.ask, stop: stop.signal };
  let fault: FileFault | null = null;
  let running: Promise<void> | null = null;
  let stopped = false;

  const sayHello = (): void => writer.send(encodeFrame({ type: "hello", version: wireVersion, facts }));
  const sayStopped = (): void => writer.send(encodeFrame({ type: "stopped" }));

  function takeFile({ path, data, append }: FileFrame): void {
    const placed = placeFile(path, Buffer.from(data, "base64"), { append });
    if (!placed.ok) fault ??= placed.failure;
  }

  async function cancel(): Promise<void> {
    stop.abort();
    await killAll();
    await Promise.race([running, wait(lastOutputMs)]);
    stopped = true;
    sayStopped();
  }

  /** What the last worker was about to be told is lost with it: all of it is said again. */
  function resume(after: number): void {
    writer.clear();
    // The Job never came, or only half of it: the new worker has to send it.
    if (running === null) sayHello();
    outbox.acknowledge(after);
    outbox.sendAgain();
    plans.askAgain();
    if (stopped) sayStopped();
  }

  function take(frame: WorkerFrame): void {
    switch (frame.type) {
      case "file":
        return takeFile(frame);
      case "job":
        running ??= performJob(frame, fault, jobDeps);
        return;
      case "ack":
        return outbox.acknowledge(frame.seq);
      case "model_result":
        return plans.answer(frame.turn, frame.steps);
      case "cancel":
        return void cancel();
      case "resume":
        return resume(frame.after);
    }
  }

  sayHello();
  return { take };
}
