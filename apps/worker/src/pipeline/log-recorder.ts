import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import { type JobLimits, logLinesPerMb } from "@longshore/shared/domain/limits";
import { longestLineBytes } from "@longshore/shared/domain/log-line";
import type { HistoryRecorder } from "./history-recorder.ts";
import type { ResumeMemory } from "./resume-memory.ts";
import type { PrintedPiece } from "./line-mask.ts";
import { createMaskedLines, type LogSecrets, noLogSecrets } from "./masked-lines.ts";
import { createStepTails } from "./output-tail.ts";

type Lines = Extract<AgentEvent, { type: "lines" }>;
type Dropped = Extract<AgentEvent, { type: "dropped" }>;

/** Takes what the Steps print: into the history, and the end of it as evidence for a repair turn. */
export interface LogRecorder {
  /** Gives the breach of the protocol where it is one, else null. */
  printed(event: Lines): string | null;
  /** As `printed`. */
  dropped(event: Dropped): string | null;
  /** The running Step prints no more. */
  stepEnded(): void;
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
  secrets: LogSecrets = noLogSecrets,
): LogRecorder {
  const tails = createStepTails(tailCharacters);
  let droppedOf = new Map<number, number>();
  const kept = { bytes: 0, lines: 0 };
  const put = ({ index, stream, text, continued }: PrintedPiece): void => {
    tails.add(index, text);
    recorder.line(index, stream, text, continued);
  };
  const masked = createMaskedLines(put, memory, secrets);

  return {
    printed: ({ index, stream, lines, continued }) => {
      const sizes = lines.map((text) => Buffer.byteLength(text));
      if (sizes.some((bytes) => bytes > longestLineBytes)) return "a log line is longer than 16 KiB";
      kept.bytes = sizes.reduce((sum, bytes) => sum + bytes, kept.bytes);
      kept.lines += lines.length;
      const positions = new Set(continued);
      masked.take(
        lines.map((text, position) => ({ index, stream, text, continued: positions.has(position) })),
      );
      const tooMany = kept.bytes > log_mb * bytesPerMb + longestLineBytes;
      return tooMany || kept.lines > log_mb * logLinesPerMb + 1 ? "more log than was asked for" : null;
    },
    dropped: ({ bytes, lines, index }) => {
      const count = (droppedOf.get(index) ?? 0) + 1;
      // Each is a line of the log that no limit counts.
      if (count > mostDroppedOfStep) return `step ${String(index)} told again and again what it dropped`;
      droppedOf.set(index, count);
      masked.end();
      recorder.system(toDroppedLine(log_mb, memory.state().saidDropped ? { bytes, lines } : null), index);
      memory.change({ saidDropped: true });
      return null;
    },
    stepEnded: masked.end,
    tail: tails.text,
    restoreTail: tails.add,
    forgetTails: () => {
      tails.forget();
      droppedOf = new Map();
    },
  };
}

/** `sum` is what was dropped so far; null where that begins. */
function toDroppedLine(logMb: number, sum: Pick<Dropped, "bytes" | "lines"> | null): string {
  const what =
    sum === null
      ? "what is printed from here on is dropped and counted"
      : `${String(sum.bytes)} bytes in ${String(sum.lines)} lines of output were dropped so far`;
  return `limits.log_mb (${String(logMb)}) is reached: ${what}`;
}
