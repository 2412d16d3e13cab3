import type { PlayedJob } from "../load/play-client.ts";
import type { ObservedEvent } from "./observe-database.ts";

/**
 * What is wrong with the log of a Job, null where nothing is. An Attempt whose programs came to their own end has
 * printed every line once and in order, whoever owned it; any other Attempt the first so many of them.
 */
export function faultOfLog({ job, end }: PlayedJob, events: readonly ObservedEvent[]): string | null {
  const attempts = new Map<number, string[]>();
  for (const { type, stream, attempt, text, continued } of events) {
    if (type !== "log" || stream !== "stdout" || text === null) continue;
    const lines = attempts.get(attempt) ?? [];
    attempts.set(attempt, lines);
    if (continued) lines.push((lines.pop() ?? "") + text);
    else lines.push(text);
  }
  const last = end?.view.attempt ?? 0;
  const code = end?.view.failure?.code ?? null;
  const isComplete = end?.status === "succeeded" || (code === "step_failed" && job.end === "step_failed");
  if (isComplete && !attempts.has(last) && job.lines.length > 0)
    return `attempt ${String(last)} came to its end, and has no log`;
  for (const [attempt, lines] of attempts) {
    const fault = faultOfLines(lines, job.lines, isComplete && attempt === last);
    if (fault !== null) return `attempt ${String(attempt)}: ${fault}`;
  }
  return null;
}

function faultOfLines(
  lines: readonly string[],
  expected: readonly string[],
  isComplete: boolean,
): string | null {
  const at = lines.findIndex((line, index) => line !== expected[index]);
  if (at !== -1)
    return `line ${String(at + 1)} is ${JSON.stringify(lines[at]?.slice(0, 100))}, not ${JSON.stringify(expected[at] ?? null)}`;
  if (isComplete && lines.length !== expected.length)
    return `it has ${String(lines.length)} lines, the programs printed ${String(expected.length)}`;
  return null;
}
