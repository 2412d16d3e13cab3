/** The last of what a Step printed, for the evidence of a repair turn. */
export interface OutputTail {
  add(line: string): void;
  text(): string;
}

/** Keeps at most `maxCharacters` of the newest lines. */
export function createOutputTail(maxCharacters: number): OutputTail {
  let lines: string[] = [];
  let size = 0;
  return {
    add: (line) => {
      const kept = line.slice(-maxCharacters);
      lines.push(kept);
      size += kept.length + 1;
      // Halved only when twice too long, so that a flood costs a constant time a line.
      if (size > maxCharacters * 2) {
        const text = lines.join("\n").slice(-maxCharacters);
        lines = [text];
        size = text.length + 1;
      }
    },
    text: () => lines.join("\n").slice(-maxCharacters),
  };
}

/** The tail of each Step of a plan, by its index. */
export interface StepTails {
  add(index: number, line: string): void;
  text(index: number): string;
  forget(): void;
}

/** Tails of at most `maxCharacters` each. */
export function createStepTails(maxCharacters: number): StepTails {
  let tails = new Map<number, OutputTail>();
  return {
    add: (index, line) => {
      const tail = tails.get(index) ?? createOutputTail(maxCharacters);
      tails.set(index, tail);
      tail.add(line);
    },
    text: (index) => tails.get(index)?.text() ?? "",
    forget: () => {
      tails = new Map();
    },
  };
}
