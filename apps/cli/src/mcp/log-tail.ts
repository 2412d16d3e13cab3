import type { LogLine } from "@longshore/client";
import { plain } from "./plain.ts";

/** The end of a log, as much of it as an assistant wants to read. */
export interface LogTail {
  add(line: LogLine): void;
  /** The lines, those of stderr and of the system marked. */
  text(): string;
  /** How many lines came before. */
  left(): number;
  /** The number of the last line, after which a reader goes on; 0 before the first. */
  last(): number;
}

/** @param mostCharacters what is kept, the newest. */
export function createLogTail(mostCharacters: number): LogTail {
  const lines: string[] = [];
  let [characters, left, last] = [0, 0, 0];
  return {
    add: (line) => {
      const shown = showLine(line).slice(0, mostCharacters);
      lines.push(shown);
      characters += shown.length + 1;
      last = line.seq;
      while (characters > mostCharacters && lines.length > 1) {
        characters -= (lines.shift() ?? "").length + 1;
        left += 1;
      }
    },
    text: () => lines.join("\n"),
    left: () => left,
    last: () => last,
  };
}

export function showLine({ stream, text }: LogLine): string {
  return `${stream === "stdout" ? "" : `[${stream}] `}${plain(text)}`;
}
