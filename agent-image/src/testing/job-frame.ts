import type { AgentEvent, AgentFrame, WireStep, WorkerFrame } from "@longshore/shared/contracts/agent-wire";

type JobFrame = Extract<WorkerFrame, { type: "job" }>;

/** What the owner of such a Job shows on a relay. */
export const resumeToken = "7f6b1f0e-token-of-the-job";

/** A `job` frame with the usual limits of a log. */
export function jobFrame(steps: readonly WireStep[] | null, changes: Partial<JobFrame> = {}): JobFrame {
  return {
    type: "job",
    job_id: "01980000-0000-7000-8000-000000000001",
    attempt: 1,
    env: {},
    log_bytes: 16 * 1_048_576,
    log_lines: 16 * 65_536,
    resume_token: resumeToken,
    silence_ms: 120_000,
    steps: steps === null ? null : [...steps],
    ...changes,
  };
}

export function shell(
  command: string,
  changes: { timeout_ms?: number; continue_on_error?: boolean } = {},
): WireStep {
  return { kind: "shell", command, timeout_ms: null, continue_on_error: false, ...changes };
}

export function python(code: string): WireStep {
  return { kind: "python", code, timeout_ms: null, continue_on_error: false };
}

export function writeFile(path: string, content: string): WireStep {
  return { kind: "write_file", path, content, encoding: "utf8", timeout_ms: null, continue_on_error: false };
}

/** The events of the frames, in order. */
export function eventsOf(frames: readonly AgentFrame[]): AgentEvent[] {
  return frames.flatMap((frame) => (frame.type === "event" ? [frame.event] : []));
}

/** The log of one stream as the program wrote it, but for a newline at its end that may not have been there. */
export function textOf(frames: readonly AgentFrame[], stream: "stdout" | "stderr"): string {
  let text = "";
  for (const event of eventsOf(frames)) {
    if (event.type !== "lines" || event.stream !== stream) continue;
    event.lines.forEach((line, at) => {
      text += event.continued.includes(at) || text === "" ? line : `\n${line}`;
    });
  }
  return text;
}

/** Every `step_finished`, in order. */
export function finishesOf(frames: readonly AgentFrame[]): Extract<AgentEvent, { type: "step_finished" }>[] {
  return eventsOf(frames).filter((event) => event.type === "step_finished");
}
