import type { LogLine } from "@longshore/shared/contracts/log-line";
import type { TrialWorld } from "./trial-world.ts";

export interface PrintingJob {
  readonly body: object;
  readonly lines: number;
}

const lineForm = /^line (\d+) (\d+) /;

/** A Job that prints numbered lines, each with the time when it was printed, and does nothing else. */
export function printingJob(seconds: number, everyMs: number): PrintingJob {
  const lines = Math.round((seconds * 1_000) / everyMs);
  const code = [
    "import time",
    "begun = time.time()",
    `for i in range(1, ${String(lines)} + 1):`,
    `    print(f"line {i} {int(time.time() * 1000)} {'.' * 80}", flush=True)`,
    // By the clock and not by adding up pauses: a busy machine makes it no longer.
    `    time.sleep(max(0, begun + i * ${String(everyMs / 1_000)} - time.time()))`,
  ].join("\n");
  return {
    lines,
    body: {
      ...{ steps: [{ kind: "python", code }], max_attempts: 5 },
      limits: { timeout_seconds: seconds + 600, memory_mb: 128, disk_mb: 16 },
    },
  };
}

/** When a line was printed: milliseconds since the epoch. Null for a line of another form. */
export function printedAt(text: string): number | null {
  const at = lineForm.exec(text)?.[2];
  return at === undefined ? null : Number(at);
}

/** What is wrong with the lines of the Job's last Attempt, of which each is to be there once and in order. */
export function faultOfLines(lines: readonly LogLine[], attempt: number, count: number): string | null {
  const numbers = lines
    .filter((line) => line.stream === "stdout" && line.attempt === attempt)
    .map(({ text }) => Number(lineForm.exec(text)?.[1] ?? Number.NaN));
  const wrong = numbers.findIndex((number, index) => number !== index + 1);
  if (wrong !== -1) return `line ${String(numbers[wrong])} stands at place ${String(wrong + 1)}`;
  return numbers.length === count ? null : `${String(numbers.length)} of ${String(count)} lines`;
}

/** How a printing Job has ended, and what is wrong with its lines. Waits for its end. */
export async function readEnd(world: TrialWorld, id: string, job: PrintingJob, boundMs: number) {
  const view = await world.client.ended(id, boundMs);
  const fault = faultOfLines(await world.client.lines(id), view.attempt, job.lines);
  const containers = new Set(world.engine.intervals(id).map(({ container }) => container)).size;
  return { ...{ id, fault, containers }, status: view.status, attempt: view.attempt, failure: view.failure };
}
