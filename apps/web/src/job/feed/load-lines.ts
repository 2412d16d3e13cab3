import type { Client, LogLine } from "@longshore/client";

/** Exactly `count` lines of a log after the event `after`: they have been there before. */
export async function loadLines(
  client: Pick<Client, "logs">,
  jobId: string,
  after: number,
  count: number,
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of client.logs(jobId, { after })) {
    lines.push(line);
    if (lines.length === count) return lines;
  }
  throw new Error(`the log has ${String(lines.length)} lines where it had ${String(count)}`);
}
