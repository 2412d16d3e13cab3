import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import { type JobLimits, logLinesPerMb } from "@longshore/shared/domain/limits";
import { longestLineBytes } from "@longshore/shared/domain/log-line";
import type { HistoryRecorder } from "./history-recorder.ts";
import type { ResumeMemory } from "./resume-memory.ts";
import { createOutputTail, type OutputTail } from "./output-tail.ts";

type Lines = Extract<AgentEvent, { type: "lines" }>;
type Dropped = Extract<AgentEvent, { type: "dropped" }>;

/** Takes what the Steps print: into the history, and the end of it as evidence for a repair turn. */
export interface LogRecorder {
  /** Gives the breach of the protocol where it is one, else null. */
  printed(event: Lines): string | null;
  /** As `printed`. */
  dropped(event: Dropped): string | null;
  /** The last of what the Step printed. */
  tail(index: number): string;
  /** Takes up what another worker had recorded of a Step. */
  restoreTail(index: number, line: string): void;
  forgetTails(): void;
}

const tailCharacters = 8_192;
const bytesPerMb = 1_048_576;
// At the first drop, and at the end of the Step.
const mostDroppedOfStep = 2;

/** A recorder for one Attempt. The agent drops what is over the limits; one that does not is not ours any more. */
export function createLogRecorder(
  recorder: HistoryRecorder,
  { log_mb }: Pick<JobLimits, "log_mb">,
  memory: ResumeMemory,
): LogRecorder {
  let tails = new Map<number, OutputTail>();
  let droppedOf = new Map<number, number>();
  const kept = { bytes: 0, lines: 0 };
  const limit = `limits.log_mb (${String(log_mb)}) is reached`;

  const tailOf = (index: number): OutputTail => {
    const tail = tails.get(index) ?? createOutputTail(tailCharacters);
    tails.set(index, tail);
    return tail;
  };
  return {
    printed: ({ index, stream, lines, continued }) => {
      const tail = tailOf(index);
      const positions = new Set(continued);
      for (const [position, text] of lines.entries()) {
        const bytes = Buffer.byteLength(text);
        if (bytes > longestLineBytes) return "a log line is longer than 16 KiB";
        kept.bytes += bytes;
        kept.lines += 1;
        tail.add(text);
        recorder.line(index, stream, text, positions.has(position));
      }
      const tooMany = kept.bytes > log_mb * bytesPerMb + longestLineBytes;
      return tooMany || kept.lines > log_mb * logLinesPerMb + 1 ? "more log than was asked for" : null;
    },
    dropped: ({ bytes, lines, index }) => {
      const count = (droppedOf.get(index) ?? 0) + 1;
      // Each is a line of the log that no limit counts.
      if (count > mostDroppedOfStep) return `step ${String(index)} told again and again what it dropped`;
      droppedOf.set(index, count);
      recorder.system(
        memory.state().saidDropped
          ? `${limit}: ${String(bytes)} bytes in ${String(lines)} lines of output were dropped so far`
          : `${limit}: what is printed from here on is dropped and counted`,
        index,
      );
      memory.change({ saidDropped: true });
      return null;
    },
    tail: (index) => tails.get(index)?.text() ?? "",
    restoreTail: (index, line) => tailOf(index).add(line),
    forgetTails: () => {
      tails = new Map();
      droppedOf = new Map();
    },
  };
}
