/** What a whole Attempt may write into its log, and what was left out. */
export interface LogBudget {
  /** True where a line of `bytes` is kept. From the first that is not, none is: the log is a beginning, without holes. */
  keep(bytes: number): boolean;
  isOver(): boolean;
  drop(bytes: number, lines: number): void;
  /** What was dropped since the Attempt began. A line of which only the end was dropped counts as one. */
  dropped(): { readonly bytes: number; readonly lines: number };
}

/** Counts the bytes of each line's text, and one for its newline, against `maxBytes`; and the lines. */
export function createLogBudget(maxBytes: number, maxLines: number): LogBudget {
  let bytesLeft = maxBytes;
  let linesLeft = maxLines;
  let over = false;
  const dropped = { bytes: 0, lines: 0 };

  return {
    keep(bytes) {
      over ||= linesLeft < 1 || bytes + 1 > bytesLeft;
      if (over) return false;
      bytesLeft -= bytes + 1;
      linesLeft -= 1;
      return true;
    },
    isOver: () => over,
    drop(bytes, lines) {
      dropped.bytes += bytes;
      dropped.lines += lines;
    },
    dropped: () => ({ ...dropped }),
  };
}
