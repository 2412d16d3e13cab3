import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import type { LogLine } from "./line-decoder.ts";

export type LinesEvent = Extract<AgentEvent, { type: "lines" }>;

/**
 * Bytes of lines as JSON in one event. A line may take 96 KiB as JSON (16 KiB of control characters, escaped),
 * and is then an event of its own.
 */
const batchBytes = 32 * 1024;

/** Puts lines into events that are small beside the window. */
export function* lineBatches(
  index: number,
  stream: LinesEvent["stream"],
  lines: readonly LogLine[],
): Generator<LinesEvent> {
  let batch: string[] = [];
  let continued: number[] = [];
  let size = 0;
  for (const line of lines) {
    const cost = Buffer.byteLength(JSON.stringify(line.text), "utf8") + 1;
    if (batch.length > 0 && size + cost > batchBytes) {
      yield { type: "lines", index, stream, lines: batch, continued };
      batch = [];
      continued = [];
      size = 0;
    }
    if (line.continued) continued.push(batch.length);
    batch.push(line.text);
    size += cost;
  }
  if (batch.length > 0) yield { type: "lines", index, stream, lines: batch, continued };
}
