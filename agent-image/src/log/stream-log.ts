import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import { longestLineBytes } from "@longshore/shared/domain/log-line";
import { lineBatches, type LinesEvent } from "./line-batches.ts";
import { createLineDecoder, type LogLine } from "./line-decoder.ts";
import type { LogBudget } from "./log-budget.ts";

/** One stream of one Step on its way into the log. */
export interface StreamLog {
  push(chunk: Uint8Array): void;
  end(): void;
}

export interface StreamLogDeps {
  readonly budget: LogBudget;
  readonly emit: (event: AgentEvent) => void;
}

/** Gives `lines` events while the budget lasts. After that it only counts, undecoded, as fast as it can. */
export function createStreamLog(
  index: number,
  stream: LinesEvent["stream"],
  { budget, emit }: StreamLogDeps,
): StreamLog {
  const decoder = createLineDecoder(longestLineBytes);
  let decoding = true;
  let endsInLine = false;

  function keepOrDrop(lines: readonly LogLine[]): void {
    const wasOver = budget.isOver();
    const firstDropped = lines.findIndex((line) => !budget.keep(line.bytes));
    const kept = firstDropped === -1 ? lines : lines.slice(0, firstDropped);
    for (const event of lineBatches(index, stream, kept)) emit(event);
    if (firstDropped === -1) return;
    const dropped = lines.slice(firstDropped);
    const ended = dropped.filter((line) => line.endsLine).length;
    budget.drop(
      dropped.reduce((sum, line) => sum + line.bytes, ended),
      ended,
    );
    endsInLine = dropped.at(-1)?.endsLine === false;
    if (!wasOver) emit({ type: "dropped", index, ...budget.dropped() });
  }

  /** The other stream, or this one, has used the budget up: what waits in the decoder will not be a line. */
  function stopDecoding(): void {
    decoding = false;
    const bytes = decoder.pendingBytes();
    budget.drop(bytes, 0);
    endsInLine ||= bytes > 0;
  }

  return {
    push(chunk) {
      if (chunk.length === 0) return;
      if (decoding && budget.isOver()) stopDecoding();
      if (decoding) return keepOrDrop(decoder.push(chunk));
      budget.drop(chunk.length, countNewlines(chunk));
      endsInLine = chunk.at(-1) !== newline;
    },
    end() {
      if (decoding) return keepOrDrop(decoder.end());
      if (endsInLine) budget.drop(0, 1);
    },
  };
}

const newline = 0x0a;

/** A plain loop: a call of indexOf for each line takes ten times as long on `yes`. */
function countNewlines(chunk: Uint8Array): number {
  let count = 0;
  for (let position = 0; position < chunk.length; position++) if (chunk[position] === newline) count++;
  return count;
}
