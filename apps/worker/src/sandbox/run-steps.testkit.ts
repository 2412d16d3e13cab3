import type { AgentEvent, WireStep } from "@longshore/shared/contracts/agent-wire";
import type { Sandbox } from "./sandbox-provider.ts";

export interface StepsRun {
  readonly events: readonly AgentEvent[];
  /** Of each Step in order; null where it was killed by its own time-out. */
  readonly exitCodes: readonly (number | null)[];
  readonly text: string;
  /** False where the frames ended before the agent said that it is done. */
  readonly done: boolean;
}

/** What the agents of these Jobs know their owners by. */
export const testToken = "a token";

/** A shell Step that lets the next ones run whatever its exit code. */
export function shellStep(command: string): WireStep {
  return { kind: "shell", command, timeout_ms: null, continue_on_error: true };
}

/** Gives the agent a Job of these shell Steps, as a worker does. */
export function sendSteps(sandbox: Sandbox, commands: readonly string[]): Promise<void> {
  return sendWireSteps(sandbox, commands.map(shellStep));
}

/** The same with Steps of any kind. */
export async function sendWireSteps(sandbox: Sandbox, steps: readonly WireStep[]): Promise<void> {
  await sandbox.send({
    type: "job",
    job_id: "0198c0de-0000-7000-8000-000000000000",
    attempt: 1,
    env: {},
    log_bytes: 1_048_576,
    log_lines: 65_536,
    resume_token: testToken,
    silence_ms: 120_000,
    steps: [...steps],
  });
}

/** Runs shell Steps to their end, acknowledging each event, and gives what the agent said of them. */
export async function runSteps(sandbox: Sandbox, commands: readonly string[]): Promise<StepsRun> {
  await sendSteps(sandbox, commands);
  return followSteps(sandbox);
}

/** The same with Steps of any kind. */
export async function runWireSteps(sandbox: Sandbox, steps: readonly WireStep[]): Promise<StepsRun> {
  await sendWireSteps(sandbox, steps);
  return followSteps(sandbox);
}

/** The same from here on, of Steps that run already. */
export async function followSteps(sandbox: Sandbox): Promise<StepsRun> {
  const events: AgentEvent[] = [];
  let done = false;
  for await (const frame of sandbox.frames) {
    if (frame.type === "event") events.push(frame.event);
    if (frame.type === "event" || frame.type === "done") await sandbox.send({ type: "ack", seq: frame.seq });
    done = frame.type === "done";
    if (done) break;
  }
  return {
    events,
    done,
    exitCodes: events.flatMap((event) => (event.type === "step_finished" ? [event.exit_code] : [])),
    text: events.flatMap((event) => (event.type === "lines" ? event.lines : [])).join("\n"),
  };
}

/** Pulls frames until the first Step has begun. */
export async function untilStepStarted(sandbox: Sandbox): Promise<void> {
  for await (const frame of sandbox.frames)
    if (frame.type === "event" && frame.event.type === "step_started") return;
  throw new Error("The frames ended before a Step began.");
}

/** Pulls what is left of the frames, to their end. */
export async function untilFramesEnd(sandbox: Sandbox): Promise<void> {
  const frames = sandbox.frames[Symbol.asyncIterator]();
  while ((await frames.next()).done !== true);
}
