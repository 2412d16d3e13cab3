import { workerFrame, type WorkerFrame } from "@longshore/shared/contracts/agent-wire";

/**
 * A line of the worker as a frame, or null for garbage.
 *
 * A worker that dies in the middle of a frame leaves half a line, and the `resume` of the next one is glued to
 * it. It is found there: inside a JSON text the quotes of `{"type":"resume"` would be escaped, so these
 * characters can only begin a frame.
 */
export function readWorkerFrame(line: Buffer): WorkerFrame | null {
  const text = line.toString("utf8");
  const whole = parseFrame(text);
  if (whole !== null) return whole;
  const resumeAt = text.lastIndexOf('{"type":"resume"');
  return resumeAt > 0 ? parseFrame(text.slice(resumeAt)) : null;
}

function parseFrame(text: string): WorkerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = workerFrame.safeParse(value);
  return parsed.success ? parsed.data : null;
}
