import { workerFrame, type WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import type { WorkerEgressFrame } from "@longshore/shared/contracts/egress-wire";

export type ResumeFrame = Extract<WorkerFrame, { type: "resume" }>;

/** What the Attempt's owner says once it is that. */
export type OwnerFrame = Exclude<WorkerFrame, ResumeFrame>;

/** The part of it that is about the Job. */
export type SessionFrame = Exclude<OwnerFrame, WorkerEgressFrame>;

/** True for the part that is about connections of programs. */
export function isEgressFrame(frame: OwnerFrame): frame is WorkerEgressFrame {
  return frame.type.startsWith("egress_");
}

/** A line of the owner as a frame, or null for garbage; `resume` is garbage everywhere but at the head of a relay. */
export function readOwnerFrame(line: Buffer): OwnerFrame | null {
  const frame = parseFrame(line);
  return frame?.type === "resume" ? null : frame;
}

/** The first line on a relay, or null where it is anything else than `resume`. */
export function readResume(line: Buffer): ResumeFrame | null {
  const frame = parseFrame(line);
  return frame?.type === "resume" ? frame : null;
}

function parseFrame(line: Buffer): WorkerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(line.toString("utf8"));
  } catch {
    return null;
  }
  const parsed = workerFrame.safeParse(value);
  return parsed.success ? parsed.data : null;
}
