/** Lines that wait for a reader, unparsed, so that their cost is known. */
export interface LineQueue {
  readonly push: (line: Buffer) => void;
  /** The next line, waited for; null at the end. One caller at a time. */
  readonly shift: () => Promise<Buffer | null>;
  /** What the waiting lines cost. */
  readonly bytes: () => number;
  /** No more will come; what waits is still given. */
  readonly end: () => void;
}

/** What a waiting line costs beside its bytes. */
const lineOverheadBytes = 128;

/** A queue without a bound of its own: whoever pushes looks at `bytes`. */
export function createLineQueue(): LineQueue {
  const waiting: Buffer[] = [];
  let queued = 0;
  let ended = false;
  let wake: (() => void) | null = null;

  function wakeReader(): void {
    wake?.();
    wake = null;
  }

  return {
    push(line) {
      waiting.push(line);
      queued += line.length + lineOverheadBytes;
      wakeReader();
    },
    async shift() {
      for (;;) {
        const line = waiting.shift();
        if (line !== undefined) {
          queued -= line.length + lineOverheadBytes;
          return line;
        }
        if (ended) return null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    bytes: () => queued,
    end() {
      ended = true;
      wakeReader();
    },
  };
}
