import type { ReadStream } from "node:tty";

export interface OpenQuestion {
  /** Gives the terminal back. May be called twice. */
  close(): void;
}

/** Calls `onKey` with each key that is pressed on the terminal, until it is closed. Ctrl-C is such a key, `\u0003`. */
export function askForKey(stdin: ReadStream, onKey: (key: string) => void): OpenQuestion {
  let isOpen = true;
  const hear = (typed: Buffer | string) => {
    // What was pressed behind the answer is none to this question.
    for (const key of String(typed).toLowerCase()) if (isOpen) onKey(key);
  };
  stdin.setRawMode(true);
  stdin.on("data", hear);
  stdin.resume();
  return {
    close: () => {
      isOpen = false;
      stdin.off("data", hear);
      stdin.pause();
      stdin.setRawMode(false);
    },
  };
}
